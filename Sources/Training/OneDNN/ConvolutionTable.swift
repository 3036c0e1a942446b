/// Which kernels win, measured by `Benchmarks/convolution_table.py`, which writes this file.
///
/// oneDNN 2.6.3, avx512_core_bf16, batch 32, one thread.
enum ConvolutionTable {
  // Kernel, stride, channels, outputs, rows of the result.
  static let rows: [ConvolutionRow] = [
    .init(11, 4, 1, 96, 54, "ddd", bf16: true),
    .init(5, 1, 96, 256, 26, "sss", bf16: true),
    .init(3, 1, 256, 384, 12, "www", bf16: false),
    .init(3, 1, 384, 384, 12, "www", bf16: false),
    .init(3, 1, 384, 256, 12, "www", bf16: false),
    .init(3, 1, 1, 16, 224, "ddd", bf16: true),
    .init(3, 1, 16, 32, 112, "www", bf16: true),
    .init(3, 1, 32, 64, 56, "www", bf16: true),
    .init(3, 1, 64, 64, 56, "www", bf16: true),
    .init(3, 1, 64, 128, 28, "www", bf16: true),
    .init(3, 1, 128, 128, 28, "www", bf16: true),
    .init(3, 1, 128, 128, 14, "www", bf16: true),
    .init(3, 1, 64, 64, 24, "www", bf16: true),
    .init(3, 1, 128, 128, 12, "www", bf16: true),
    .init(3, 1, 256, 256, 6, "www", bf16: true),
    .init(3, 1, 512, 512, 3, "ddw", bf16: true),
  ]
}
