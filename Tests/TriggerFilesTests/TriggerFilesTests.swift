import Testing
import TriggerFiles

@Test func triggerRoundTrip() throws {
  let info = try RoutingInfo(
    infRef: "SortimentOverfør_1", senderITSystem: .random(), senderAuthority: CVRNumber("12345678"),
    transactionID: .random(), senderTimestamp: .now(), recipientITSystem: .random(),
    recipientAuthority: CVRNumber("29189846"))
  let trigger = Trigger(
    fileDescriptor: try FileDescriptor(fileName: "a<å>.xml", sizeInBytes: .max, sender: "fk-kla", sendersFileID: "1"),
    fileContentDescriptor: .routing(info))
  let again = try Trigger(reading: trigger.xml())
  #expect(again == trigger)
}
