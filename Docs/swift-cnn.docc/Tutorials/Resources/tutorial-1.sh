cnn-train --model lenet --optimizer adam --lr 0.005 --epochs 2 --output lenet.h5
