import Testing

@testable import FileExchange

@Suite struct DeliveryMachineTests {
  typealias Sight = DeliveryMachine.Sight

  @Test func anUndisturbedDeliveryTakesEachStepOnce() {
    var machine = DeliveryMachine(resuming: .staged)
    let course: [(DeliveryMachine.Step, DeliveryMachine.Event, DeliveryState)] = [
      (.checkNames, .namesAreFree, .uploading), (.upload, .uploaded, .uploaded), (.arm, .armed, .armed),
      (.fire, .fired, .triggered), (.awaitReceipt, .taken, .taken),
      (.awaitReceipt, .receipt(accepted: true), .accepted),
    ]
    for (step, event, state) in course {
      #expect(machine.step == step)
      machine.apply(event)
      #expect(machine.state == state)
    }
    #expect(machine.step == .nothing)
  }

  /// The ambiguous gap with a rename: the trigger was whole under its temporary name when the journal said so.
  @Test(arguments: [
    (Sight(data: true, trigger: .missing, temporary: true), DeliveryState.armed, DeliveryMachine.Step.fire),
    (Sight(data: true, trigger: .whole, temporary: false), .triggered, .awaitReceipt),
    (Sight(data: true, trigger: .whole, temporary: true), .triggered, .awaitReceipt),
    (Sight(data: true, trigger: .missing, temporary: false), .taken, .awaitReceipt),
    (Sight(data: false, trigger: .missing, temporary: false), .taken, .awaitReceipt),
  ])
  func anArmedDeliveryIsDecidedByWhatLiesInOUT(sight: Sight, state: DeliveryState, step: DeliveryMachine.Step) {
    var machine = DeliveryMachine(resuming: .armed)
    #expect(machine.step == .look)
    machine.apply(.saw(sight))
    #expect(machine.state == state)
    #expect(machine.step == step)
  }

  @Test func aLostAnswerToTheRenameIsLookedInto() {
    var machine = DeliveryMachine(resuming: .uploaded)
    #expect(machine.step == .checkData)
    machine.apply(.dataIsThere(true))
    #expect(machine.step == .arm)
    machine.apply(.armed)
    #expect(machine.step == .fire)
    machine.apply(.unclear)
    #expect(machine.step == .look)
    machine.apply(.saw(Sight(data: false, trigger: .missing, temporary: false)))
    #expect(machine.state == .taken)
  }

  /// The ambiguous gap without a rename: data there and trigger gone may be the platform at work, or nothing sent yet.
  @Test func withoutRenameTheTriggerIsSentOnlyAfterASecondLook() {
    var machine = DeliveryMachine(resuming: .triggering)
    let unsent = Sight(data: true, trigger: .missing, temporary: false)
    #expect(machine.step == .look)
    machine.apply(.saw(unsent))
    #expect(machine.step == .settle)
    machine.apply(.settled)
    #expect(machine.step == .look)
    machine.apply(.saw(unsent))
    #expect(machine.step == .writeTrigger)
    machine.apply(.unclear)
    #expect(machine.step == .look)
    machine.apply(.saw(unsent))
    #expect(machine.step == .settle)
  }

  @Test(arguments: [
    (Sight(data: true, trigger: .whole, temporary: false), DeliveryState.triggered),
    (Sight(data: false, trigger: .missing, temporary: false), .taken),
  ])
  func withoutRenameASentTriggerIsNotSentAgain(sight: Sight, state: DeliveryState) {
    var machine = DeliveryMachine(resuming: .triggering)
    machine.apply(.saw(sight))
    #expect(machine.state == state)
    #expect(machine.step == .awaitReceipt)
  }

  @Test func withoutRenameAHalfTriggerIsWrittenAgain() {
    var machine = DeliveryMachine(resuming: .triggering)
    machine.apply(.saw(Sight(data: true, trigger: .partial, temporary: false)))
    #expect(machine.step == .writeTrigger)
  }

  @Test func aServerThatCannotRenameGetsItsTriggerWrittenInPlace() {
    var machine = DeliveryMachine(resuming: .uploaded)
    machine.apply(.armed)
    machine.apply(.renameNotSupported)
    #expect(machine.state == .triggering)
    #expect(machine.step == .writeTrigger)
    machine.apply(.fired)
    #expect(machine.state == .triggered)
  }

  @Test(arguments: DeliveryState.allCases)
  func onlyWhatIsNotCommittedCanBeCancelled(state: DeliveryState) {
    var machine = DeliveryMachine(resuming: state)
    machine.apply(.cancelled)
    #expect(machine.state == (state.isCommitted ? state : .cancelled))
  }

  @Test func aReceiptAfterTheTimeStillCounts() {
    var machine = DeliveryMachine(resuming: .triggered)
    machine.apply(.receiptOverdue)
    #expect(machine.state == .overdue)
    machine.apply(.receipt(accepted: false))
    #expect(machine.state == .refused)
    machine.apply(.receipt(accepted: true))
    #expect(machine.state == .refused)
  }
}
