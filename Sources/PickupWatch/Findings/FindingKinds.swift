extension Finding.Kind {
  // Files in IN

  /// A file stays in IN longer than its rule allows, or soon will.
  public static let pickUpLate = Self(rawValue: "pick-up-late")
  /// Data is in IN without metadata.
  public static let dataWithoutMetadata = Self(rawValue: "data-without-metadata")
  /// Metadata is in IN without its data.
  public static let metadataWithoutData = Self(rawValue: "metadata-without-data")
  /// A file is shorter than its metadata says, and has stopped growing.
  public static let stoppedGrowing = Self(rawValue: "stopped-growing")
  /// A file is longer than its metadata says.
  public static let sizeDiffers = Self(rawValue: "size-differs")
  /// Metadata cannot be read, so the data's sender and kind are unknown.
  public static let metadataUnreadable = Self(rawValue: "metadata-unreadable")
  /// A file nears the age at which the platform removes unfetched files.
  public static let nearCleanUp = Self(rawValue: "near-clean-up")
  /// A file with an InfRef that the account does not expect.
  public static let unknownInfRef = Self(rawValue: "unknown-infref")
  /// A file's sender is none that the account takes it from.
  public static let unknownSender = Self(rawValue: "unknown-sender")
  /// A file's name says another municipality than its recipient authority is by the settings.
  public static let otherMunicipality = Self(rawValue: "other-municipality")
  /// IN has more files than the rule allows.
  public static let tooManyFiles = Self(rawValue: "too-many-files")
  /// IN has more bytes than the rule allows.
  public static let tooManyBytes = Self(rawValue: "too-many-bytes")

  // What should come

  /// No file came by the deadline.
  public static let expectedMissing = Self(rawValue: "expected-missing")
  /// Fewer files than expected came by the deadline.
  public static let tooFewFiles = Self(rawValue: "too-few-files")
  /// The others came, but not a municipality's.
  public static let municipalityMissing = Self(rawValue: "municipality-missing")

  // What was sent

  /// The platform has not taken a trigger from OUT.
  public static let notTakenFromOut = Self(rawValue: "not-taken-from-out")
  /// Data is in OUT without a trigger.
  public static let dataWithoutTrigger = Self(rawValue: "data-without-trigger")
  /// A delivery's receipt has not come in time.
  public static let receiptOverdue = Self(rawValue: "receipt-overdue")
  /// The platform's receipt reports errors.
  public static let receiptError = Self(rawValue: "receipt-error")
  /// The business answer to a delivery has not come in time.
  public static let businessAnswerMissing = Self(rawValue: "business-answer-missing")

  // The watching itself

  /// The server does not let the account in.
  public static let loginFailed = Self(rawValue: "login-failed")
  /// The server shows another host key than the known one.
  public static let hostKeyChanged = Self(rawValue: "host-key-changed")
  /// The server cannot be reached, or the connection broke.
  public static let serverUnreachable = Self(rawValue: "server-unreachable")
  /// A folder cannot be listed.
  public static let listingFailed = Self(rawValue: "listing-failed")
  /// The journal cannot be read, so the state of deliveries is unknown.
  public static let journalUnreadable = Self(rawValue: "journal-unreadable")
  /// Observations cannot be stored, so the state of the folders is unknown.
  public static let observationsUnusable = Self(rawValue: "observations-unusable")
  /// For some time there were no scans.
  public static let watchGap = Self(rawValue: "watch-gap")

  // What only alerts are about

  /// One alert for the many findings of one inbox.
  public static let manyFindings = Self(rawValue: "many-findings")
  /// A test of the way that alerts go.
  public static let test = Self(rawValue: "test")

  /// Every kind there is.
  public static let all: [Self] = [
    pickUpLate, dataWithoutMetadata, metadataWithoutData, stoppedGrowing, sizeDiffers, metadataUnreadable, nearCleanUp,
    unknownInfRef, unknownSender, otherMunicipality, tooManyFiles, tooManyBytes, expectedMissing, tooFewFiles,
    municipalityMissing, notTakenFromOut, dataWithoutTrigger, receiptOverdue, receiptError, businessAnswerMissing,
    loginFailed,
    hostKeyChanged, serverUnreachable, listingFailed, journalUnreadable, observationsUnusable, watchGap, manyFindings,
    test,
  ]
}

extension Finding {
  /// The sorts that are about an account as a whole, not about a file in it.
  static let aboutWholeAccounts = reasonsNotToSee.union([.watchGap, .journalUnreadable, .observationsUnusable])

  /// The sorts that say why an account's folders cannot be seen. An account has one of them at a time.
  static let reasonsNotToSee: Set<Kind> = [.loginFailed, .hostKeyChanged, .listingFailed, .serverUnreachable]
}
