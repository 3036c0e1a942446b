import CommandSupport

Program("cnn-train", main: trainCommand).run()
