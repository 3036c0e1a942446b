cnn-train --model lenet --optimizer adam --lr 0.005 --epochs 2 --output lenet.h5
cnn-infer evaluate lenet.h5 --dataset fashion-mnist
cnn-infer Samples/ankle-boot.png --model lenet.h5
cnn-infer inspect lenet.h5 --stats
