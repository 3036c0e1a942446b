typedef int cnn_placeholder;
