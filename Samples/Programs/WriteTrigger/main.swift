// Writes the trigger of a data file beside it, and sends nothing:
//
//     WriteTrigger udtræk_0101.csv

import Foundation
import TriggerFiles

guard CommandLine.arguments.count == 2 else {
  print("usage: WriteTrigger FILE")
  exit(64)
}
let file = URL(filePath: CommandLine.arguments[1])

do {
  // begin snippet
  // An extract for Copenhagen from one vendor's system to the municipalities' shared FLIS, by an explicit route.
  let size = try Data(contentsOf: file).count
  let trigger = Trigger(
    fileDescriptor: try DataFileDescriptor(
      fileName: file.lastPathComponent, sizeInBytes: UInt64(size), sender: "fagsystem",
      sendersFileID: UUID().uuidString),
    fileContentDescriptor: .routing(
      try RoutingInfo(
        infRef: InfRef("FagsystemdefineredeDataRefGDPR1203_1"),
        senderITSystem: SystemID("f1150000-0000-4000-8000-000000000003"), senderAuthority: CVRNumber("99000101"),
        transactionID: .random(), senderTimestamp: .now(),
        recipientITSystem: SystemID("f1150000-0000-4000-8000-000000000005"), recipientAuthority: CVRNumber("99000101")))
  )

  // The rules for sending find what the schema permits and the platform would refuse: a wrong InfRef, for one.
  for warning in try SendRules(user: "fagsystem").check(trigger) { print(warning) }
  try Data(trigger.xml()).write(to: file.appendingPathExtension("trigger"))
  // end snippet

  print("\(file.lastPathComponent).trigger")
} catch {
  print(error)
  exit(1)
}
