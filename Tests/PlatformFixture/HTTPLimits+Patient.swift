package import FilsluseHTTP

extension HTTPLimits {
  /// The promised limits on sizes and numbers, with times that no busy machine breaks.
  package static var patient: Self {
    var limits = Self()
    limits.headWithin = .seconds(60)
    limits.bodyWithin = .seconds(60)
    limits.answerWithin = .seconds(60)
    limits.pieceWithin = .seconds(60)
    limits.writeWithin = .seconds(60)
    limits.stopWithin = .seconds(60)
    return limits
  }
}
