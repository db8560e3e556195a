import Foundation
import Testing
import TriggerFiles

@Suite struct JSONTests {
  private func roundTrip<Value: Codable & Equatable>(_ value: Value) throws -> Bool {
    let encoder = JSONEncoder()
    return try JSONDecoder().decode(Value.self, from: encoder.encode(value)) == value
  }

  @Test("every document survives JSON")
  func everyDocumentSurvivesJSON() throws {
    for document in try Examples.documents() {
      switch document {
      case .trigger(let value): #expect(try roundTrip(value))
      case .metadata(let value): #expect(try roundTrip(value))
      case .technicalReceipt(let value): #expect(try roundTrip(value))
      case .businessReceipt(let value): #expect(try roundTrip(value))
      case .businessResponse(let value): #expect(try roundTrip(value))
      }
    }
  }

  @Test("fields have their names from the document")
  func fieldsHaveTheirNamesFromTheDocument() throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let trigger = try Examples.trigger(
      .routing(Examples.routing(parameters: [.routeSelectionValueDate(XMLDate("2026-12-01"))])))
    #expect(
      String(decoding: try encoder.encode(trigger), as: UTF8.self) == """
        {"FileContentDescriptor":{"SFTPDynamicRoutingInfo":{"InfRef":"SortimentOverfør_1",\
        "RecipientAuthority":"urn:oio:cvr-nr:10000017","RecipientIt-system":"5e2d8c7b-3333-4c9f-a1b2-c3d4e5f60718",\
        "RouteParameterList":[{"RouteSelectionValueDate":"2026-12-01"}],"SenderAuthority":"urn:oio:cvr-nr:10000009",\
        "SenderIt-system":"0d6b2f3e-1111-4a5c-9c3e-2f4d5a6b7c80","SenderTimestamp":"2026-11-21T03:14:00Z",\
        "TransactionId":"7a1c9f60-2222-4b7e-8d10-6e5f4a3b2c1d"}},\
        "FileDescriptor":{"FileName":"sortiment.xml","Recipients":["ROUTING_V1_0_0"],"Sender":"fk-kla","SizeInBytes":17}}
        """)
  }

  @Test("refuses everything that the contract forbids")
  func whatTheContractDoesNotAllowIsRefused() {
    let decoder = JSONDecoder()
    for json in [
      #"{"FileName":"","SizeInBytes":1,"Sender":"s","Recipients":["r"]}"#,
      #"{"FileName":"a","SizeInBytes":-1,"Sender":"s","Recipients":["r"]}"#,
      #"{"FileName":"a","SizeInBytes":1,"Sender":"s","Recipients":[]}"#,
    ] {
      #expect(throws: (any Error).self) { try decoder.decode(DataFileDescriptor.self, from: Data(json.utf8)) }
    }
    #expect(throws: (any Error).self) { try decoder.decode(SystemID.self, from: Data(#""ABC""#.utf8)) }
    #expect(throws: (any Error).self) {
      try decoder.decode(
        TechnicalReceipt.self, from: Data(#"{"FileTransferUUID":"1","Receipt":{"Message":""},"ErrorMessage":[]}"#.utf8))
    }
  }
}
