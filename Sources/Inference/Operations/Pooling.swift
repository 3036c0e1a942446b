import CKernels
import Networks

/// Maximum or average pooling, one plane at a time.
struct PoolStep: Step {
  let algorithm: String
  let kernel: Kernel.Pool
  let window: NodeOperation.Pooling
  let inputShape, outputShape: TensorShape
  let input, output: Location

  var scratchCount: Int { withUnsafePointer(to: plane) { Int(cnn_f32_pool_scratch($0)) } }

  private var plane: cnn_f32_pool {
    var plane = cnn_f32_pool()
    plane.height = Int64(inputShape.height)
    plane.width = Int64(inputShape.width)
    plane.output_height = Int64(outputShape.height)
    plane.output_width = Int64(outputShape.width)
    plane.kernel_y = Int64(window.kernelSize.height)
    plane.kernel_x = Int64(window.kernelSize.width)
    plane.stride_y = Int64(window.stride.height)
    plane.stride_x = Int64(window.stride.width)
    plane.padding_y = Int64(window.padding.height)
    plane.padding_x = Int64(window.padding.width)
    plane.count_includes_padding = window.countIncludesPadding
    return plane
  }

  func run(_ frame: Frame) {
    let inputPlane = inputShape.height * inputShape.width
    let outputPlane = outputShape.height * outputShape.width
    let whole = plane
    frame.tiles(items: inputShape.channels, work: inputPlane) { image, channels, worker in
      var plane = whole
      plane.scratch = frame.scratch(worker)
      for channel in channels {
        plane.input = frame.read(input, image: image) + channel * inputPlane
        plane.output = frame.write(output, image: image) + channel * outputPlane
        kernel(&plane)
      }
    }
  }
}
