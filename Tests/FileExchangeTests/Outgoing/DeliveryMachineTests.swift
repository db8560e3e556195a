import Testing

@testable import FileExchange

@Suite struct DeliveryMachineTests {
  typealias OutContent = DeliveryMachine.OutContent

  @Test("an undisturbed delivery takes each step once")
  func anUndisturbedDeliveryTakesEachStepOnce() throws {
    var machine = DeliveryMachine(resuming: .staged)
    let course: [(DeliveryMachine.Step, DeliveryMachine.Event, DeliveryState)] = [
      (.checkNames, .namesAreFree, .uploading), (.upload, .uploaded, .uploaded), (.arm, .armed, .armed),
      (.fire, .fired, .triggered), (.awaitReceipt, .taken, .taken),
      (.awaitReceipt, .receipt(accepted: true), .accepted),
    ]
    for (step, event, state) in course {
      #expect(machine.step == step)
      try machine.apply(event)
      #expect(machine.state == state)
    }
    #expect(machine.step == .nothing)
  }

  private func content(
    _ data: DeliveryMachine.RemoteFileState, trigger: DeliveryMachine.RemoteFileState = .missing,
    temporary: DeliveryMachine.RemoteFileState = .missing
  ) -> OutContent { OutContent(data: data, trigger: trigger, temporary: temporary) }

  /// The ambiguous gap with a rename: the trigger was whole under its temporary name when the journal recorded it.
  @Test(
    "the files in OUT decide about an armed delivery",
    arguments: [
      (
        OutContent(data: .whole, trigger: .missing, temporary: .whole), DeliveryState.armed,
        DeliveryMachine.Step.fire
      ),
      (OutContent(data: .whole, trigger: .partial, temporary: .whole), .armed, .fire),
      (OutContent(data: .whole, trigger: .missing, temporary: .partial), .uploaded, .arm),
      (OutContent(data: .whole, trigger: .whole, temporary: .missing), .triggered, .awaitReceipt),
      (OutContent(data: .whole, trigger: .whole, temporary: .whole), .triggered, .awaitReceipt),
      (OutContent(data: .missing, trigger: .whole, temporary: .missing), .triggered, .awaitReceipt),
      (OutContent(data: .missing, trigger: .missing, temporary: .missing), .taken, .awaitReceipt),
      // A platform may take the data long after the trigger; sending again could pay a citizen twice.
      (OutContent(data: .whole, trigger: .missing, temporary: .missing), .taken, .awaitReceipt),
      // Something else of that name: it may be another's by now.
      (OutContent(data: .partial, trigger: .missing, temporary: .missing), .taken, .awaitReceipt),
    ])
  func anArmedDeliveryIsDecidedByWhatLiesInOUT(content: OutContent, state: DeliveryState, step: DeliveryMachine.Step)
    throws
  {
    var machine = DeliveryMachine(resuming: .armed)
    #expect(machine.step == .look)
    try machine.apply(.saw(content))
    #expect(machine.state == state)
    #expect(machine.step == step)
  }

  /// No trigger is sent without its data; but a delivery is sent again only after the platform has had its time.
  @Test(
    "an armed delivery goes back only on a second look",
    arguments: [
      (OutContent(data: .missing, trigger: .missing, temporary: .whole), DeliveryState.uploading),
      (OutContent(data: .partial, trigger: .missing, temporary: .whole), .uploading),
      (OutContent(data: .missing, trigger: .partial, temporary: .partial), .uploading),
      (OutContent(data: .whole, trigger: .partial, temporary: .missing), .uploaded),
    ])
  func anArmedDeliveryGoesBackOnlyOnASecondLook(content: OutContent, state: DeliveryState) throws {
    var machine = DeliveryMachine(resuming: .armed)
    try machine.apply(.saw(content))
    #expect(machine.state == .armed && machine.step == .settle)
    try machine.apply(.settled)
    #expect(machine.step == .look)
    try machine.apply(.saw(content))
    #expect(machine.state == state && machine.step == (state == .uploading ? .upload : .arm))
    var taken = DeliveryMachine(resuming: .armed)
    for event in [.saw(content), .settled, .saw(self.content(.missing))] as [DeliveryMachine.Event] {
      try taken.apply(event)
    }
    #expect(taken.state == .taken)
    // A slow platform may leave the data for longer; its receipt says that it has it.
    var receipted = content
    receipted.receipt = true
    for course in [[.saw(receipted)], [.saw(content), .settled, .saw(receipted)]] as [[DeliveryMachine.Event]] {
      var machine = DeliveryMachine(resuming: .armed)
      for event in course { try machine.apply(event) }
      #expect(machine.state == .taken)
    }
  }

  @Test("gives up a rename that is refused again and again, and writes the trigger in its place")
  func aRenameThatIsRefusedAgainAndAgainIsNotToBeHad() throws {
    var machine = DeliveryMachine(resuming: .armed)
    for _ in 1...DeliveryMachine.mostRefusals {
      try machine.apply(.saw(content(.whole, temporary: .whole)))
      #expect(machine.step == .fire)
      try machine.apply(.unclear)
      #expect(machine.state == .armed && machine.step == .look)
    }
    try machine.apply(.saw(content(.whole, temporary: .whole)))
    #expect(machine.state == .triggering && machine.step == .writeTrigger)
  }

  @Test("only a trigger that was seen not to be out is taken back")
  func onlyATriggerThatWasSeenNotToBeOutIsTakenBack() throws {
    for (state, contents) in [
      (DeliveryState.armed, [content(.whole, temporary: .whole)]),
      (.triggering, [content(.whole), content(.whole)]), (.triggering, [content(.whole, trigger: .partial)]),
    ] {
      var machine = DeliveryMachine(resuming: state)
      for event in [DeliveryMachine.Event.disarmed, .cancelled] {
        #expect(throws: UnexpectedEvent.self) { try machine.apply(event) }
      }
      #expect(machine.state == state)
      for content in contents {
        if machine.step == .settle { try machine.apply(.settled) }
        try machine.apply(.saw(content))
      }
      try machine.apply(.disarmed)
      #expect(machine.state == .uploaded)
      try machine.apply(.cancelled)
      #expect(machine.state == .cancelled)
    }
  }

  @Test("a lost answer to the rename is looked into")
  func aLostAnswerToTheRenameIsLookedInto() throws {
    var machine = DeliveryMachine(resuming: .uploaded)
    #expect(machine.step == .checkData)
    try machine.apply(.dataIsThere(true))
    #expect(machine.step == .arm)
    try machine.apply(.armed)
    #expect(machine.step == .fire)
    try machine.apply(.unclear)
    #expect(machine.step == .look)
    try machine.apply(.saw(content(.missing)))
    #expect(machine.state == .taken)
  }

  /// The ambiguous gap without a rename: data there and trigger gone may be the platform at work, or nothing sent yet.
  @Test("without rename the trigger is sent only after a second look")
  func withoutRenameTheTriggerIsSentOnlyAfterASecondLook() throws {
    var machine = DeliveryMachine(resuming: .triggering)
    let unsent = content(.whole)
    #expect(machine.step == .look)
    try machine.apply(.saw(unsent))
    #expect(machine.step == .settle)
    try machine.apply(.settled)
    #expect(machine.step == .look)
    try machine.apply(.saw(unsent))
    #expect(machine.step == .writeTrigger)
    try machine.apply(.unclear)
    #expect(machine.step == .look)
    try machine.apply(.saw(unsent))
    #expect(machine.step == .settle)
  }

  @Test(
    "without rename a sent trigger is not sent again",
    arguments: [
      (OutContent(data: .whole, trigger: .whole, temporary: .missing), DeliveryState.triggered),
      (OutContent(data: .missing, trigger: .missing, temporary: .missing), .taken),
      // A server that permits no rename may permit no removal either.
      (OutContent(data: .missing, trigger: .missing, temporary: .whole), .taken),
    ])
  func withoutRenameASentTriggerIsNotSentAgain(content: OutContent, state: DeliveryState) throws {
    var machine = DeliveryMachine(resuming: .triggering)
    try machine.apply(.saw(content))
    #expect(machine.state == state)
    #expect(machine.step == .awaitReceipt)
  }

  @Test("without rename a half trigger is written again")
  func withoutRenameAHalfTriggerIsWrittenAgain() throws {
    var machine = DeliveryMachine(resuming: .triggering)
    try machine.apply(.saw(content(.whole, trigger: .partial)))
    #expect(machine.step == .writeTrigger)
  }

  @Test("without rename no trigger is written where the data is gone")
  func withoutRenameNoTriggerIsWrittenWhereTheDataIsGone() throws {
    var machine = DeliveryMachine(resuming: .triggering)
    try machine.apply(.saw(content(.missing, trigger: .partial)))
    #expect(machine.step == .settle)
    try machine.apply(.settled)
    try machine.apply(.saw(content(.missing, trigger: .partial)))
    #expect(machine.state == .uploading)
  }

  @Test("a server that cannot rename gets its trigger written in place")
  func aServerThatCannotRenameGetsItsTriggerWrittenInPlace() throws {
    var machine = DeliveryMachine(resuming: .uploaded)
    try machine.apply(.armed)
    try machine.apply(.renameNotSupported)
    #expect(machine.state == .triggering)
    #expect(machine.step == .writeTrigger)
    try machine.apply(.fired)
    #expect(machine.state == .triggered)
  }

  @Test("only an uncommitted delivery can be cancelled", arguments: DeliveryState.allCases)
  func onlyWhatIsNotCommittedCanBeCancelled(state: DeliveryState) throws {
    var machine = DeliveryMachine(resuming: state)
    try? machine.apply(.cancelled)
    #expect(machine.state == (state.isCommitted ? state : .cancelled))
    #expect(DeliveryMachine.expects(.cancelled, in: state) == !state.isCommitted)
  }

  @Test("a receipt after the time still counts")
  func aReceiptAfterTheTimeStillCounts() throws {
    var machine = DeliveryMachine(resuming: .triggered)
    try machine.apply(.receiptOverdue)
    #expect(machine.state == .overdue)
    try machine.apply(.receipt(accepted: false))
    #expect(machine.state == .refused)
    #expect(throws: UnexpectedEvent(event: "receipt(accepted: true)", state: .delivery(.refused))) {
      try machine.apply(.receipt(accepted: true))
    }
    #expect(machine.state == .refused)
  }
}
