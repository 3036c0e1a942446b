// swift-format-ignore-file

/// What --help prints. Written by Scripts/update-help-snapshots.sh.
enum HelpSnapshots {
  static let all: [String: String] = [
    "cnn-infer": #"""
      Usage: cnn-infer IMAGE… [OPTIONS]
             cnn-infer inspect FILE [OPTIONS]
             cnn-infer evaluate CKPT [OPTIONS]
             cnn-infer quantize CKPT [OPTIONS]
             cnn-infer benchmark CKPT [OPTIONS]
             cnn-infer export CKPT [OPTIONS]
             cnn-infer import FILE [OPTIONS]
             cnn-infer visualize CKPT [IMAGE] [OPTIONS]

      Classifies PNG images with a trained network.

      An image that cannot be read costs a line on standard error and, in the end,
      exit code 1; the others are still classified. A file named like a command goes
      after '--'.

      Arguments:
        IMAGE                     a PNG, a folder (every *.png in it, at any depth),
                                  or '-' for standard input

      Options:
            --model CKPT          the checkpoint to classify with (default: CNN_MODEL,
                                  else the shipped one)
            --top-k N             how many classes of each image (default: 5)
            --invert              invert the images first: for dark things on a bright
                                  ground
            --max-pixels N        refuse images of more pixels than that (default:
                                  67108864)
            --precision auto|fp32|int8
                                  the arithmetic; auto is the checkpoint's own
                                  (default: auto)
            --threads N           how many threads compute (default: the cores this
                                  process may use)
            --json                print one JSON object a line, and nothing else
            --quiet               print nothing but results and errors

      Other:
        -h, --help                print this help and exit
            --version             print the version and exit

      Commands:
        inspect                   Prints what a checkpoint holds: its layers, input,
                                  labels, training and memory.
        evaluate                  Classifies the test part of a data set and tells how
                                  well.
        quantize                  Makes an int8 checkpoint, a quarter as large and
                                  faster, of a float one.
        benchmark                 Measures how fast a checkpoint's network runs on
                                  this machine.
        export                    Writes a checkpoint as ONNX, safetensors or a
                                  smaller checkpoint.
        import                    Makes a checkpoint of an ONNX, safetensors or HDF5
                                  file.
        visualize                 Draws a network's first filters, and what it sees in
                                  an image, as PNGs.

      Examples:
        cnn-infer Samples/ankle-boot.png
        cnn-infer photos --model flowers.h5 --json
        cnn-infer - --invert --top-k 1 < photo.png

      """#,
    "cnn-infer inspect": #"""
      Usage: cnn-infer inspect FILE [OPTIONS]

      Prints what a checkpoint holds: its layers, input, labels, training and memory.

      Of an .onnx or .safetensors file it prints the tensors and the metadata.

      Arguments:
        FILE                      a checkpoint, or an .onnx or .safetensors file

      Options:
            --stats               print least, greatest and mean value, deviation,
                                  zeros and NaNs of every tensor
            --diff FILE           print instead what differs in another checkpoint,
                                  .onnx or .safetensors file
            --verify              check the checksum of every dataset, and name those
                                  that are damaged
            --threads N           how many threads compute (default: the cores this
                                  process may use)
            --json                print one JSON object a line, and nothing else
            --quiet               print nothing but results and errors

      Other:
        -h, --help                print this help and exit
            --version             print the version and exit

      Examples:
        cnn-infer inspect alexnet.h5
        cnn-infer inspect alexnet.h5 --verify --json
        cnn-infer inspect alexnet.h5 --diff alexnet.best.h5

      """#,
    "cnn-infer evaluate": #"""
      Usage: cnn-infer evaluate CKPT [OPTIONS]

      Classifies the test part of a data set and tells how well.

      Prints accuracy, mean cross-entropy, speed (loading included), of each class the
      share that was found (recall) and that was right where it was said (precision),
      and how often which class is taken for which.

      Arguments:
        CKPT                      a checkpoint

      Data (one of the two):
            --dataset fashion-mnist
                                  a data set that is installed
            --data DIR            a folder with MNIST's four IDX files, with train/
                                  and test/ of a folder of PNGs for each class, or
                                  with such folders alone

      Options:
            --limit N             use the first N images of the test part only
                                  (default: all)
            --against CKPT        evaluate another checkpoint of the same classes
                                  beside it, in its own arithmetic: the int8 one
                                  beside the fp32 one, say
            --precision auto|fp32|int8
                                  the arithmetic; auto is the checkpoint's own
                                  (default: auto)
            --threads N           how many threads compute (default: the cores this
                                  process may use)
            --json                print one JSON object a line, and nothing else
            --quiet               print nothing but results and errors

      Other:
        -h, --help                print this help and exit
            --version             print the version and exit

      Examples:
        cnn-infer evaluate alexnet.h5 --dataset fashion-mnist
        cnn-infer evaluate alexnet-int8.h5 --against alexnet.h5 --dataset fashion-mnist
        cnn-infer evaluate flowers.h5 --data flowers --json

      """#,
    "cnn-infer benchmark": #"""
      Usage: cnn-infer benchmark CKPT [OPTIONS]

      Measures how fast a checkpoint's network runs on this machine.

      Times are of a batch, from float input to probabilities. GFLOP/s count what the
      textbook's algorithms compute, so that fast convolutions can pass the machine's
      peak; GB/s count weights and activations once.

      Arguments:
        CKPT                      a checkpoint

      Options:
            --batch-size N        images of a run (default: 1)
            --runs N              how many runs count, after a warm-up (default: as
                                  many as take 2 seconds, at least 5)
            --layers              tell each layer's algorithm, time and share of the
                                  machine's peak, which is measured
            --precision auto|fp32|int8
                                  the arithmetic; auto is the checkpoint's own
                                  (default: auto)
            --threads N           how many threads compute (default: the cores this
                                  process may use)
            --json                print one JSON object a line, and nothing else

      Other:
        -h, --help                print this help and exit
            --version             print the version and exit

      Examples:
        cnn-infer benchmark alexnet.h5 --layers
        cnn-infer benchmark alexnet.h5 --batch-size 32 --threads 1 --json

      """#,
    "cnn-infer quantize": #"""
      Usage: cnn-infer quantize CKPT [OPTIONS]

      Makes an int8 checkpoint, a quarter as large and faster, of a float one.

      Batch norms are folded into convolutions. Prints each layer's ratio of signal to
      quantisation noise, and the accuracy before and after.

      Arguments:
        CKPT                      a checkpoint in float32

      Data (one of the two):
            --dataset fashion-mnist
                                  a data set that is installed
            --data DIR            a folder with MNIST's four IDX files, with train/
                                  and test/ of a folder of PNGs for each class, or
                                  with such folders alone

      Options:
        -o, --output CKPT         where the checkpoint is written; required
            --samples N           how many images of the training part calibrate,
                                  spread over its classes (default: 512)
            --method minmax|percentile|mse|entropy
                                  how the range of a value is chosen: all that
                                  occurred, all but one in 10,000, the least squared
                                  error, or the least Kullback–Leibler divergence
                                  (default: mse)
            --max-drop POINTS     let layers compute in float32, the worst first,
                                  until no more points of accuracy are lost (default:
                                  every layer is int8)
            --evaluate N|all|none
                                  how many images of the test part tell the accuracy
                                  before and after (default: all)
            --threads N           how many threads compute (default: the cores this
                                  process may use)
            --quiet               print nothing but results and errors

      Other:
        -h, --help                print this help and exit
            --version             print the version and exit

      Examples:
        cnn-infer quantize alexnet.h5 -o alexnet-int8.h5 --dataset fashion-mnist
        cnn-infer quantize flowers.h5 -o flowers-int8.h5 --data flowers --max-drop 0.3

      """#,
    "cnn-infer export": #"""
      Usage: cnn-infer export CKPT [OPTIONS]

      Writes a checkpoint as ONNX, safetensors or a smaller checkpoint.

      Arguments:
        CKPT                      a checkpoint

      Options:
            --format onnx|safetensors|checkpoint
                                  what to write; checkpoint leaves out what only
                                  training needs; required
        -o, --output OUT          where it is written; required
            --with-preprocessing  let the ONNX graph prepare the image: its input is
                                  then bytes of any size
            --with-softmax        let the ONNX graph have a second output, the
                                  classes' probabilities
            --threads N           how many threads compute (default: the cores this
                                  process may use)
            --quiet               print nothing but results and errors

      Other:
        -h, --help                print this help and exit
            --version             print the version and exit

      Examples:
        cnn-infer export alexnet.h5 --format onnx -o alexnet.onnx

      """#,
    "cnn-infer import": #"""
      Usage: cnn-infer import FILE [OPTIONS]

      Makes a checkpoint of an ONNX, safetensors or HDF5 file.

      The file's name tells its format: .onnx, .safetensors, else HDF5 with a
      checkpoint's groups, as h5py writes it, which only lacks the seal. Tensors fit
      by PyTorch's names.

      Arguments:
        FILE                      a file with weights

      Options:
        -o, --output CKPT         where the checkpoint is written; required
            --model NAME          the network that the weights belong to: a name that
                                  cnn-train --list-models prints, or a file that ends
                                  in .json (default: what the file says)
            --labels FILE         the classes' names, one a line (default: what the
                                  file says)
            --mean X[,X,X]        what is subtracted from scaled pixels, for all
                                  channels or one a channel; torchvision's pretrained
                                  GoogLeNet wants 0.5 (default: what the file says,
                                  else ImageNet's for colours)
            --std X[,X,X]         what they are then divided by; torchvision's
                                  pretrained GoogLeNet wants 0.5 (default: as with
                                  --mean)
            --threads N           how many threads compute (default: the cores this
                                  process may use)
            --quiet               print nothing but results and errors

      Other:
        -h, --help                print this help and exit
            --version             print the version and exit

      Examples:
        cnn-infer import weights.h5 -o sealed.h5
        cnn-infer import resnet18.safetensors --model resnet18-imagenet -o resnet18.h5
        cnn-infer import g.safetensors --model googlenet-imagenet --mean 0.5 --std 0.5 -o g.h5

      """#,
    "cnn-infer visualize": #"""
      Usage: cnn-infer visualize CKPT [IMAGE] [OPTIONS]

      Draws a network's first filters, and what it sees in an image, as PNGs.

      With an image: the maps of low, middle and high layers, and where the evidence
      for the likeliest classes lies. Open index.html in the folder.

      Arguments:
        CKPT [IMAGE]              a checkpoint, and a PNG or '-' for standard input

      Options:
        -o, --output DIR          the folder for the pictures, which need not exist;
                                  required
            --layers stages|all   which feature maps: the last of each size, or those
                                  of all convolutions (default: stages)
            --top-k N             for how many classes the places that speak for them
                                  are shown (default: 3)
            --invert              invert the images first: for dark things on a bright
                                  ground
            --max-pixels N        refuse images of more pixels than that (default:
                                  67108864)
            --threads N           how many threads compute (default: the cores this
                                  process may use)
            --quiet               print nothing but results and errors

      Other:
        -h, --help                print this help and exit
            --version             print the version and exit

      Examples:
        cnn-infer visualize Models/lenet.h5 Samples/ankle-boot.png -o pictures

      """#,
    "cnn-train": #"""
      Usage: cnn-train [OPTIONS]

      Trains a convolutional network and keeps its checkpoint.

      Without flags it trains AlexNet on Fashion-MNIST at 1×224×224: batch 128, SGD,
      lr 0.01, 10 epochs. Ctrl-C saves and exits; --resume goes on as if nothing had
      been.

      What is trained:
            --model NAME          a variant of --list-models, or a network described
                                  in a .json file (default: alexnet)
            --image-size N        height and width of the network's input (default:
                                  the variant's)
            --classes N           the number of classes (default: the data set's)
            --init CKPT           begin with the weights of a checkpoint whose shapes
                                  fit, and say which do not; without --model the
                                  network is the checkpoint's
            --freeze PREFIX       keep the weights of nodes whose names begin so; may
                                  be given several times

      Data:
            --dataset fashion-mnist
                                  a data set that is installed (default:
                                  fashion-mnist)
            --data DIR            a folder with MNIST's four IDX files, with train/
                                  and test/ of a folder of PNGs for each class, or
                                  with such folders alone
            --limit-train N       only the first N training images
            --limit-test N        only the first N test images
            --validation-split F  the share of the training images that is held out to
                                  tell the best epoch (default: 0)
            --augment none|flip-crop
                                  random changes of training images (default: none)

      Recipe:
            --epochs N            passes over the training images (default: 10)
            --max-steps N         end after so many steps in all; 0 writes the initial
                                  weights
            --batch-size N        images a step (default: 128)
            --lr X                the learning rate (default: 0.01)
            --optimizer sgd|nesterov|adam|adamw
                                  the update rule (default: sgd)
            --momentum X          momentum of sgd and nesterov (default: 0)
            --weight-decay X      L2 regularisation (default: 0)
            --lr-schedule constant|step|cosine|one-cycle
                                  how the learning rate changes over the run (default:
                                  constant)
            --warmup-epochs X     epochs of linear growth to the learning rate
                                  (default: 0)
            --label-smoothing X   the share of a label that is spread over all classes
                                  (default: 0)
            --clip-norm X         the largest norm of all gradients together
            --ema DECAY           keep an exponential moving average of the weights,
                                  0.999 say: it is what is evaluated and exported
            --patience N          end after N epochs without a better loss of the
                                  held-out part
            --precision fp32|bf16
                                  what is computed with; bf16 keeps fp32 master
                                  weights and needs avx512_bf16 (default: fp32)
            --seed N              decides weights, order and dropout (default: 0)

      Checkpoints:
        -o, --output CKPT         where the checkpoint is kept (default: MODEL.h5, or
                                  --resume's)
            --checkpoint-every EPOCHS
                                  save after every so many epochs (default: 1)
            --checkpoint-minutes X
                                  save within an epoch after so many minutes; 0 for
                                  never (default: 5)
            --resume CKPT         go on from a checkpoint; flags that are not given
                                  come from it

      Output:
            --log FILE            write one JSON object an epoch to FILE
            --report FILE.html    at the end write a page about the run, and its
                                  curves to FILE.png beside it
            --threads N           how many threads compute (default: the cores this
                                  process may use)
            --summary             print the network's layers and exit
            --list-models         print the variants and exit
            --quiet               print nothing but errors

      Other:
        -h, --help                print this help and exit
            --version             print the version and exit

      Examples:
        cnn-train --momentum 0.9 --max-steps 300 --limit-test 2000
        cnn-train --model lenet --data photos/ --output photos.h5 --lr 0.1
        cnn-train --init resnet18.h5 --freeze conv1 --data photos/ -o photos.h5
        cnn-train --resume alexnet.h5 --epochs 20 --report run.html

      """#,
  ]
}
