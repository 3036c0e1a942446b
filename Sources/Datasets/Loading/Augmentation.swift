/// Random changes of training images, made of the finished tensor's floats.
public enum Augmentation: String, Codable, Hashable, Sendable, CaseIterable {
  /// None.
  case none
  /// A horizontal flip of every second image, and a crop at a random place of the image padded by an
  /// eighth of its sides (He et al. 2015, §4.2: 4 pixels of 32).
  case flipCrop = "flip-crop"
}
