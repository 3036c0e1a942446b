/// Measured and written by `Benchmarks/convolution_table.py`.
///
/// oneDNN 2.6.3, avx512_core_bf16, batch 32, one thread. Two things are newer than that measurement: for
/// 5×5 kernels F(4×4, 5×5) stands in the place of four stacked 3×3 ones, which won with 9 products for
/// its 4, and first layers of 3×3 kernels have their own gradient in bfloat16, a third to a half of oneDNN's
/// time with AMX.
extension ConvolutionTable {
  // Kernel, stride, channels, outputs, rows of the result.
  static let avx512: [ConvolutionRow] = [
    .init(11, 4, 1, 96, 54, fp32: "ddd", bf16: "bbb"),
    .init(11, 4, 3, 64, 55, fp32: "ddd", bf16: "bbb"),
    .init(7, 2, 1, 64, 48, fp32: "ddd", bf16: "bbb"),
    .init(7, 2, 3, 64, 112, fp32: "ddd", bf16: "bbb"),
    .init(5, 1, 16, 32, 12, fp32: "ddd", bf16: "bbb"),
    .init(5, 1, 32, 96, 6, fp32: "ddd", bf16: "bbb"),
    .init(5, 1, 64, 192, 27, fp32: "lll", bf16: "bbb"),
    .init(5, 1, 96, 256, 26, fp32: "lll", bf16: "bbb"),
    .init(3, 1, 1, 16, 224, fp32: "dwd", bf16: "bbs"),
    .init(3, 1, 3, 64, 224, fp32: "dwd", bf16: "bbs"),
    .init(3, 1, 16, 32, 112, fp32: "www", bf16: "bbb"),
    .init(3, 1, 32, 64, 56, fp32: "www", bf16: "bbb"),
    .init(3, 1, 64, 64, 56, fp32: "www", bf16: "bbb"),
    .init(3, 1, 64, 128, 28, fp32: "www", bf16: "bbb"),
    .init(3, 1, 128, 128, 28, fp32: "www", bf16: "bbb"),
    .init(3, 1, 128, 128, 14, fp32: "www", bf16: "bbb"),
    .init(3, 1, 64, 128, 112, fp32: "www", bf16: "www"),
    .init(3, 1, 256, 256, 56, fp32: "www", bf16: "www"),
    .init(3, 1, 512, 512, 28, fp32: "www", bf16: "www"),
    .init(3, 1, 512, 512, 14, fp32: "www", bf16: "www"),
    .init(3, 1, 256, 384, 12, fp32: "www", bf16: "www"),
    .init(3, 1, 384, 384, 12, fp32: "www", bf16: "www"),
    .init(3, 1, 384, 256, 12, fp32: "www", bf16: "www"),
    .init(3, 1, 256, 256, 13, fp32: "www", bf16: "bbb"),
    .init(3, 1, 64, 64, 24, fp32: "www", bf16: "bbb"),
    .init(3, 1, 128, 128, 12, fp32: "www", bf16: "bbb"),
    .init(3, 1, 256, 256, 6, fp32: "www", bf16: "bbb"),
    .init(3, 1, 512, 512, 3, fp32: "ddw", bf16: "bbb"),
    .init(3, 1, 64, 192, 24, fp32: "www", bf16: "bbb"),
    .init(3, 1, 96, 208, 6, fp32: "ddw", bf16: "bbb"),
    .init(3, 1, 160, 320, 3, fp32: "ddw", bf16: "bbb"),
    .init(3, 1, 384, 10, 6, fp32: "ddd", bf16: "bbb"),
    .init(3, 1, 64, 32, 24, fp32: "www", bf16: "bbb"),
    .init(3, 1, 128, 32, 12, fp32: "www", bf16: "bbb"),
    .init(3, 1, 192, 32, 6, fp32: "ddw", bf16: "bbb"),
    .init(3, 1, 128, 32, 28, fp32: "www", bf16: "bbb"),
    .init(3, 2, 64, 128, 12, fp32: "ddd", bf16: "bbb"),
    .init(3, 2, 128, 256, 6, fp32: "ddd", bf16: "bbb"),
    .init(3, 2, 256, 512, 3, fp32: "ddd", bf16: "bbb"),
    .init(1, 1, 96, 96, 54, fp32: "ddd", bf16: "bbb"),
    .init(1, 1, 256, 256, 26, fp32: "ddd", bf16: "bbb"),
    .init(1, 1, 384, 384, 12, fp32: "ddd", bf16: "bbb"),
    .init(1, 1, 256, 64, 6, fp32: "ddd", bf16: "bbb"),
    .init(1, 2, 64, 128, 12, fp32: "ddd", bf16: "bbb"),
    .init(1, 2, 256, 512, 3, fp32: "ddd", bf16: "bbb"),
  ]
}
