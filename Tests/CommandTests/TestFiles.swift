import SystemPackage

/// Files that the tests give the command.
enum TestFiles {
  static func write(_ text: String, to path: FilePath) throws { try write(Array(text.utf8), to: path) }

  static func write(_ bytes: [UInt8], to path: FilePath) throws {
    let file = try FileDescriptor.open(
      path, .writeOnly, options: [.create, .truncate], permissions: [.ownerReadWrite])
    _ = try file.closeAfter { try file.writeAll(bytes) }
  }

  /// The checkout that the tests were built from.
  static let repository = FilePath(#filePath).removingLastComponent().removingLastComponent().removingLastComponent()

  static func trigger(infRef: String = "FagsystemdefineredeDataRefGDPR1203_1") -> String {
    """
    <?xml version="1.0" encoding="UTF-8"?>
    <x:Trigger xmlns:x="http://serviceplatformen.dk/xml/wsdl/soap11/SFTP/1/types">
      <FileDescriptor>
        <FileName>udtræk_0101.csv</FileName>
        <SizeInBytes>123456</SizeInBytes>
        <Sender>fagsystem</Sender>
        <SendersFileId>7</SendersFileId>
        <Recipients>ROUTING_V1_0_0</Recipients>
      </FileDescriptor>
      <FileContentDescriptor>
        <SFTPDynamicRoutingInfo>
          <InfRef>\(infRef)</InfRef>
          <SenderIt-system>0d8a7a5c-1111-4222-8333-444455556666</SenderIt-system>
          <SenderAuthority>urn:oio:cvr-nr:19435075</SenderAuthority>
          <TransactionId>0d8a7a5c-1111-4222-8333-444455557777</TransactionId>
          <SenderTimestamp>2026-11-21T04:00:00Z</SenderTimestamp>
          <RecipientIt-system>0d8a7a5c-1111-4222-8333-444455558888</RecipientIt-system>
          <RecipientAuthority>urn:oio:cvr-nr:19435075</RecipientAuthority>
        </SFTPDynamicRoutingInfo>
      </FileContentDescriptor>
    </x:Trigger>
    """
  }

  static let receipt = """
    <x:TechnicalReceipt xmlns:x="http://serviceplatformen.dk/xml/wsdl/soap11/SFTP/1/types">
      <FileTransferUUID>a-1</FileTransferUUID>
      <ErrorMessage>
        <ErrorCode>12</ErrorCode>
        <ErrorCodeDescription>Ingen rute</ErrorCodeDescription>
        <ErrorDescription>Ingen rute for InfRef</ErrorDescription>
      </ErrorMessage>
    </x:TechnicalReceipt>
    """
}
