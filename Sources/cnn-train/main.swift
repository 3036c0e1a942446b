import CommandSupport

// OpenMP's threads wait for each other by spinning, by default so long that any other busy process
// on the machine slows small networks down tenfold. libgomp reads its limit before `main`.
Executable.restart(setting: "GOMP_SPINCOUNT", to: "1000", unlessSet: ["OMP_WAIT_POLICY"])
Program("cnn-train", main: trainCommand, advice: Advice.text(for:)).run()
