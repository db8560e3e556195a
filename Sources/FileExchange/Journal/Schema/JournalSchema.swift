internal import GRDB

/// The migrations of the journal's tables. A migration that a version has shipped with is never changed: a difference
/// is a new migration, and a journal of the last form goes into `Tests/JournalForms` first.
enum JournalSchema {
  static let migrator: DatabaseMigrator = {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("1: deliveries, arrivals, entries", migrate: FirstForm.make)
    migrator.registerMigration("2: chained entries, documents apart, kept keys", migrate: SecondForm.make)
    migrator.registerMigration("3: hand-over", migrate: ThirdForm.make)
    migrator.registerMigration("4: given up", migrate: FourthForm.make)
    migrator.registerMigration("5: fewer indices", migrate: FifthForm.make)
    migrator.registerMigration("6: open deliveries by themselves", migrate: SixthForm.make)
    migrator.registerMigration("7: proofs of content", migrate: SeventhForm.make)
    migrator.registerMigration("8: local paths, answers and business receipts told", migrate: EighthForm.make)
    migrator.registerMigration("9: observed problems", migrate: NinthForm.make)
    migrator.registerMigration("10: told problems and looks into IN", migrate: TenthForm.make)
    migrator.registerMigration("11: restorations by themselves", migrate: EleventhForm.make)
    migrator.registerMigration("12: suspected files", migrate: TwelfthForm.make)
    return migrator
  }()
}
