import LocalPlatform
import TriggerFiles

/// A trigger as text, written by hand: the platform's own writer shall not vouch for its reader.
struct HandWrittenTrigger {
  var fileName: String
  var size: Int
  var sender = "fagsystem"
  var sendersFileID: String? = "afsender-1"
  var recipients = ["ROUTING_V1_0_0"]
  var infRef: String? = PlatformPlan.demoExtracts.name
  var senderSystem = "f1150000-0000-4000-8000-000000000003"
  var senderAuthority = "99000101"
  var recipientSystem: String? = "f1150000-0000-4000-8000-000000000005"
  var recipientAuthority = "99000101"

  init(_ fileName: String, size: Int) {
    self.fileName = fileName
    self.size = size
  }

  /// A trigger that names its recipients' users.
  static func direct(_ fileName: String, size: Int, from sender: String = "fagsystem", to recipients: String...) -> Self
  {
    var trigger = Self(fileName, size: size)
    trigger.sender = sender
    trigger.recipients = recipients
    trigger.infRef = nil
    return trigger
  }

  func with(_ change: (inout Self) -> Void) -> Self {
    var changed = self
    change(&changed)
    return changed
  }

  var text: String {
    let id = sendersFileID.map { "<SendersFileId>\($0)</SendersFileId>" } ?? ""
    let named = recipients.map { "<Recipients>\($0)</Recipients>" }.joined()
    return """
      <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
      <sftp:Trigger xmlns:sftp="http://serviceplatformen.dk/xml/wsdl/soap11/SFTP/1/types">
        <FileDescriptor><FileName>\(fileName)</FileName><SizeInBytes>\(size)</SizeInBytes><Sender>\(sender)</Sender>\(id)\(named)</FileDescriptor>
        <FileContentDescriptor>\(routing)</FileContentDescriptor>
      </sftp:Trigger>

      """
  }

  private var routing: String {
    guard let infRef else { return "" }
    let system = recipientSystem.map { "<RecipientIt-system>\($0)</RecipientIt-system>" } ?? ""
    return """
      <SFTPDynamicRoutingInfo><InfRef>\(infRef)</InfRef><SenderIt-system>\(senderSystem)</SenderIt-system>\
      <SenderAuthority>urn:oio:cvr-nr:\(senderAuthority)</SenderAuthority>\
      <TransactionId>0c7e1cc6-2d8e-4f3f-9d53-2f6f0d8a1b11</TransactionId>\
      <SenderTimestamp>2026-11-21T04:05:06.789+01:00</SenderTimestamp>\(system)\
      <RecipientAuthority>urn:oio:cvr-nr:\(recipientAuthority)</RecipientAuthority></SFTPDynamicRoutingInfo>
      """
  }
}
