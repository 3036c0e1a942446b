import Networks

/// Where the tensor lies in the resized image, along one axis.
struct AxisGeometry: Equatable {
  /// The extent of the whole resized image.
  let resized: Int
  /// The resized position of the tensor's first element; negative where padding comes first.
  let offset: Int

  /// The geometry of both axes, by torchvision's rules (`Resize(shorterSide)`, `CenterCrop`): the
  /// longer side is truncated, offsets are rounded half to even, and an image smaller than the crop
  /// is padded with zeros, the odd one behind.
  ///
  /// - Parameters:
  ///   - preprocessing: Validated.
  ///   - width: The image's.
  ///   - height: The image's.
  /// - Returns: The geometry of columns and of rows.
  static func both(
    _ preprocessing: Preprocessing, width: Int, height: Int
  ) -> (columns: AxisGeometry, rows: AxisGeometry) {
    switch preprocessing.resize {
    case .stretch:
      return (
        AxisGeometry(resized: preprocessing.width, offset: 0),
        AxisGeometry(resized: preprocessing.height, offset: 0)
      )
    case .centerCrop:
      // Sides are at most 10⁶ and the shorter side at most 2¹⁶: no product overflows.
      let shorter = preprocessing.resizeShorterSide
      let longer = shorter * max(width, height) / min(width, height)
      return (
        centered(resized: width <= height ? shorter : longer, crop: preprocessing.width),
        centered(resized: width <= height ? longer : shorter, crop: preprocessing.height)
      )
    }
  }

  private static func centered(resized: Int, crop: Int) -> AxisGeometry {
    if crop > resized { return AxisGeometry(resized: resized, offset: -((crop - resized) / 2)) }
    let offset = (Double(resized - crop) / 2).rounded(.toNearestOrEven)
    return AxisGeometry(resized: resized, offset: Int(offset))
  }
}
