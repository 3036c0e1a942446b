cnn-train --model lenet --optimizer adam --lr 0.005 --epochs 2 --output lenet.h5
cnn-infer evaluate lenet.h5 --dataset fashion-mnist
cnn-infer Samples/ankle-boot.png --model lenet.h5
cnn-infer inspect lenet.h5 --stats
cnn-infer visualize lenet.h5 Samples/ankle-boot.png -o pictures
cnn-infer export lenet.h5 --format onnx --with-preprocessing --with-softmax -o lenet.onnx
python classify.py lenet.onnx Samples/ankle-boot.png
