package import CKernels

extension Kernel {
  /// Products of rows of uint8 pixels by a panel of int8 filters, and what prepares images for them.
  package struct Convolution8: Sendable {
    package typealias Run = @Sendable @convention(c) (UnsafePointer<cnn_u8_conv>?) -> Void
    package typealias Pad = @Sendable @convention(c) (UnsafePointer<cnn_u8_pad>?) -> Void

    package let run: Run
    package let pad: Pad
    /// The most pixels of a row, and filters of a panel.
    package let pixels, channels: Int
    /// Elements of a window that are multiplied at a time.
    package let group: Int
    /// Groups that a step multiplies: panels fill a run's last step with zeros.
    package var groupsOfStep = 1
    /// Bytes of an element of a prepared image.
    package let elementSize: Int
    /// What prepared elements are less than the activations.
    package let offset: Int32

    /// Elements of a run that a step multiplies.
    package var step: Int { group * groupsOfStep }

    /// Steps that cover a run of `length` elements.
    package func steps(runLength length: Int) -> Int { (length + step - 1) / step }

    /// Whether images are read where they lie, if they need no border.
    package var readsActivations: Bool { elementSize == 1 && offset == 0 }
  }

  /// Products of rows of weights, where they lie, with prepared vectors.
  package struct Product8: Sendable {
    package typealias Run = @Sendable @convention(c) (UnsafePointer<cnn_u8_product>?) -> Void
    package typealias Pack = @Sendable @convention(c) (UnsafePointer<cnn_u8_pack_images>?) -> Void

    package let run: Run
    package let pack: Pack
    /// Rows and images of a tile.
    package let rows, images: Int
    /// Images that are prepared together, and elements of a vector that are multiplied at a time.
    package let imagesOfBlock, step: Int
    /// Images for which it is worth preparing them.
    package let fewestImages: Int

    /// Bytes of a block of prepared images.
    package func blockSize(depth: Int) -> Int { (depth + step - 1) / step * step * imagesOfBlock }
  }

  package typealias Dot8 = @Sendable @convention(c) (UnsafePointer<cnn_u8_dot>?) -> Void

  /// What compilers vectorise.
  package struct Maps8: Sendable {
    package typealias Map = @Sendable @convention(c) (UnsafePointer<cnn_u8_map>?) -> Void
    package typealias Add = @Sendable @convention(c) (UnsafePointer<cnn_u8_add>?) -> Void
    package typealias Window = @Sendable @convention(c) (UnsafePointer<cnn_u8_window>?) -> Void

    package let quantize, dequantize, planes, transpose, lookup, scale: Map
    package let add: Add
    package let maximum, average: Window
  }

  static let portableQuantized: [Kernel] = [
    Kernel(
      "u8-conv-4x8-scalar", .scalar,
      .convolution8(
        Convolution8(
          run: cnn_u8_conv_4x8_scalar, pad: cnn_u8_conv_pad_4x8_scalar, pixels: 4, channels: 8,
          group: 4,
          elementSize: 1, offset: 0))),
    Kernel("u8-dot-1x1-scalar", .scalar, .dot8(cnn_u8_dot_1x1_scalar, rows: 1, images: 1)),
    Kernel(
      "u8-maps-scalar", .scalar,
      .maps8(
        Maps8(
          quantize: cnn_u8_maps_quantize_scalar, dequantize: cnn_u8_maps_dequantize_scalar,
          planes: cnn_u8_maps_planes_scalar, transpose: cnn_u8_maps_transpose_scalar,
          lookup: cnn_u8_maps_lookup_scalar, scale: cnn_u8_maps_scale_scalar,
          add: cnn_u8_maps_add_scalar,
          maximum: cnn_u8_maps_maximum_scalar, average: cnn_u8_maps_average_scalar))),
  ]

  #if arch(x86_64)
    static let nativeQuantized: [Kernel] = [
      Kernel(
        "u8-conv-6x16-avx2", .avx2,
        .convolution8(
          Convolution8(
            run: cnn_u8_conv_6x16_avx2, pad: cnn_u8_conv_pad_6x16_avx2, pixels: 6, channels: 16,
            group: 2,
            elementSize: 2, offset: 0))),
      Kernel("u8-dot-2x4-avx2", .avx2, .dot8(cnn_u8_dot_2x4_avx2, rows: 2, images: 4)),
      Kernel(
        "u8-maps-avx2", .avx2,
        .maps8(
          Maps8(
            quantize: cnn_u8_maps_quantize_avx2, dequantize: cnn_u8_maps_dequantize_avx2,
            planes: cnn_u8_maps_planes_avx2, transpose: cnn_u8_maps_transpose_avx2,
            lookup: cnn_u8_maps_lookup_avx2, scale: cnn_u8_maps_scale_avx2,
            add: cnn_u8_maps_add_avx2,
            maximum: cnn_u8_maps_maximum_avx2, average: cnn_u8_maps_average_avx2))),
      Kernel(
        "u8-conv-12x32-avx512", .avx512,
        .convolution8(
          Convolution8(
            run: cnn_u8_conv_12x32_avx512, pad: cnn_u8_conv_pad_12x32_avx512, pixels: 12,
            channels: 32,
            group: 2, elementSize: 2, offset: 0))),
      Kernel("u8-dot-4x4-avx512", .avx512, .dot8(cnn_u8_dot_4x4_avx512, rows: 4, images: 4)),
      Kernel(
        "u8-maps-avx512", .avx512,
        .maps8(
          Maps8(
            quantize: cnn_u8_maps_quantize_avx512, dequantize: cnn_u8_maps_dequantize_avx512,
            planes: cnn_u8_maps_planes_avx512, transpose: cnn_u8_maps_transpose_avx512,
            lookup: cnn_u8_maps_lookup_avx512, scale: cnn_u8_maps_scale_avx512,
            add: cnn_u8_maps_add_avx512,
            maximum: cnn_u8_maps_maximum_avx512, average: cnn_u8_maps_average_avx512))),
      Kernel(
        "u8-conv-14x32-avx512vnni", .avx512vnni,
        .convolution8(
          Convolution8(
            run: cnn_u8_conv_14x32_avx512vnni, pad: cnn_u8_conv_pad_14x32_avx512vnni, pixels: 14,
            channels: 32, group: 4, elementSize: 1, offset: 0))),
      Kernel(
        "u8-dot-4x6-avx512vnni", .avx512vnni,
        .dot8(cnn_u8_dot_4x6_avx512vnni, rows: 4, images: 6)),
      Kernel(
        "u8-product-14x32-avx512vnni", .avx512vnni,
        .product8(
          Product8(
            run: cnn_u8_product_14x32_avx512vnni, pack: cnn_u8_product_pack_14x32_avx512vnni,
            rows: 14,
            images: 32, imagesOfBlock: 16, step: 4, fewestImages: 8))),
      Kernel(
        "u8-conv-32x32-avx512amx", .avx512amx,
        .convolution8(
          Convolution8(
            run: cnn_u8_conv_32x32_avx512amx, pad: cnn_u8_conv_pad_14x32_avx512vnni, pixels: 32,
            channels: 32, group: 4, groupsOfStep: 16, elementSize: 1, offset: 0))),
      Kernel(
        "u8-product-32x32-avx512amx", .avx512amx,
        .product8(
          Product8(
            run: cnn_u8_product_32x32_avx512amx, pack: cnn_u8_product_pack_32x32_avx512amx,
            rows: 32,
            images: 32, imagesOfBlock: 16, step: 64, fewestImages: 2))),
    ]
  #elseif arch(arm64)
    /// The dot products of bytes are not in every Armv8 processor.
    static let nativeQuantized: [Kernel] =
      (cnn_cpu_features() & UInt32(cnn_cpu_neondot) == 0
        ? []
        : [
          Kernel(
            "u8-conv-6x16-neon", .neon,
            .convolution8(
              Convolution8(
                run: cnn_u8_conv_6x16_neon, pad: cnn_u8_conv_pad_6x16_neon, pixels: 6, channels: 16,
                group: 4, elementSize: 1, offset: 128))),
          Kernel("u8-dot-4x4-neon", .neon, .dot8(cnn_u8_dot_4x4_neon, rows: 4, images: 4)),
        ])
      + [
        Kernel(
          "u8-maps-neon", .neon,
          .maps8(
            Maps8(
              quantize: cnn_u8_maps_quantize_neon, dequantize: cnn_u8_maps_dequantize_neon,
              planes: cnn_u8_maps_planes_neon, transpose: cnn_u8_maps_transpose_neon,
              lookup: cnn_u8_maps_lookup_neon, scale: cnn_u8_maps_scale_neon,
              add: cnn_u8_maps_add_neon,
              maximum: cnn_u8_maps_maximum_neon, average: cnn_u8_maps_average_neon)))
      ]
  #else
    static let nativeQuantized: [Kernel] = []
  #endif
}
