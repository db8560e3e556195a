public import TriggerFiles

extension Municipality {
  /// The number that stands for the municipality in trials: `9900` and the code.
  ///
  /// It is evidently none of the real ones, which belong to the authorities and have no place in a trial.
  public var testAuthority: CVRNumber { .ofTestSeries(code) }
}

extension CVRNumber {
  /// A number of the test series: `9900` and four digits.
  static func ofTestSeries(_ digits: String) -> CVRNumber {
    do {
      return try CVRNumber("9900\(digits)")
    } catch {
      preconditionFailure("a test number has four digits of its own: \(error)")
    }
  }
}

extension SystemID {
  /// A fixed identifier of the demo's plan.
  static func ofDemo(_ number: Int) -> SystemID {
    do {
      return try SystemID("f1150000-0000-4000-8000-00000000000\(number)")
    } catch {
      preconditionFailure("the demo's systems are numbered 0 to 9: \(error)")
    }
  }
}
