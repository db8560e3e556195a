public import TriggerFiles

/// A sheet of tasks of the years 2019 and 2020, when Kommunernes Sygedagpengesystem (KSD) was rolled out: ids and
/// titles, no dependencies. It informs, and no route's readiness depends on it.
public struct OlderTaskSheet: Sendable, Hashable, Codable {
  /// A task of the sheet. Its id is unique in this sheet only.
  public struct Task: Sendable, Hashable, Codable {
    /// The name, such as `SF1590_A@KSD:TS109`.
    public let key: TaskKey
    /// The task in a few words.
    public let title: LocalizedText
    /// Its subjects.
    public let concerns: [OnboardingTask.Concern]
  }

  /// The integration, such as `SF1590_A`.
  public let integration: String
  /// The tasks, in the order of the sheet.
  public let tasks: [Task]

  /// The sheet of an integration; `nil` where there is none.
  public static func of(_ integration: String) -> OlderTaskSheet? { all.first { $0.integration == integration } }

  /// All sheets.
  public static let all = [
    OlderTaskSheet("SF1590_A", common("B", "bookkeeping", "bogføring") + sheetA),
    OlderTaskSheet("SF1590_B", common("D", "debitor", "debitor") + sheetB), OlderTaskSheet("SF1590_C", sheetC),
  ]

  private init(_ integration: String, _ table: String) {
    self.integration = integration
    tasks = table.split(separator: "\n").map { line in
      let cells = line.split(separator: ";", omittingEmptySubsequences: false).map(String.init)
      return Task(
        key: TaskKey("\(integration)@KSD", cells[0]), title: LocalizedText(cells[2], cells[3]),
        concerns: cells[1].split(separator: "+").compactMap { OnboardingTask.Concern(rawValue: String($0)) })
    }
  }

  /// The conditions and the sortiment of the sheets A and B; the second TF101 is printed so, and is the receiver's.
  private static func common(_ letter: String, _ english: String, _ danish: String) -> String {
    """
    TF100;agr;Agreement of the fagsystem;Aftale for fagsystemet
    TF101;agr;Data exchange agreement;Aftale om dataudveksling
    TF102;adm;Fagsystem in the STS administration;Fagsystem i STS-administration
    TF103;sftp;Fagsystem as SFTP user;Fagsystem som SFTP-bruger
    TF104;sort;Access to the sortiment system;Adgang til sortimentssystemet
    TF200;agr;Agreement of the \(english) system (\(letter));Aftale for \(danish)ssystemet (\(letter))
    TF101 (\(letter));agr;Data exchange agreement of \(letter), printed as TF101;Aftale om dataudveksling for \(letter), trykt som TF101
    TF202;adm;\(letter) in the STS administration;\(letter) i STS-administration
    TF203;sftp;\(letter) as SFTP user;\(letter) som SFTP-bruger
    TF204;sort;\(letter)'s access to the sortiment system;\(letter)'s adgang til sortimentssystemet
    TS100;sort;Common sortiment;Fælles sortiment
    TS101;sort;Authority's addition to it;Myndighedens tilføjelse til det
    TS102;agr;Tell the \(english) function;Orientér \(danish)sfunktionen
    TS103;agr;Working procedures of the fagsystem;Arbejdsgange for fagsystemet

    """
  }

  private static let sheetA = """
    TS104;test;Production verification test (zero-sum), with TS202;Produktionsverifikationstest (nulsum), sammen med TS202
    TS109;mon;Order monitoring of the fagsystem's IN: business answer;Bestil overvågning af fagsystemets IN: forretningssvar
    TS109-B;sort;Read the sortiment in by hand;Indlæs sortimentet manuelt
    TS110;sftp;Create the service agreement: deliver finance vouchers by SFTP;Opret serviceaftale: aflever finansbilag via SFTP
    TS111;sftp;Approve it;Godkend den
    TS112;sftp;Create the service agreement: collect business answers by SFTP;Opret serviceaftale: hent forretningssvar via SFTP
    TS113;sftp;Approve it;Godkend den
    TS200;sort;Mapping: conversion tables in B;Mapning: konverteringstabeller i B
    TS201;agr;Working procedures of B;Arbejdsgange for B
    TS202;test;Production verification test (zero-sum), with TS104;Produktionsverifikationstest (nulsum), sammen med TS104
    TS206;mon;Order monitoring of B's IN: finance vouchers;Bestil overvågning af B's IN: finansbilag
    TS207;sftp;Create the service agreement: collect finance vouchers;Opret serviceaftale: hent finansbilag
    TS208;sftp;Approve it;Godkend den
    TS209;sftp;Create the service agreement: deliver business answers;Opret serviceaftale: aflever forretningssvar
    TS210;sftp;Approve it;Godkend den
    TS211;sftp;Order the route fagsystem to B: finance vouchers;Bestil ruten fagsystem til B: finansbilag
    TS212;sftp;Order the route B to fagsystem: business answer;Bestil ruten B til fagsystem: forretningssvar
    TS213;sort;Order the sortiment subscription;Bestil abonnement på sortiment
    TS214;mon;Order monitoring of B's IN: sortiment;Bestil overvågning af B's IN: sortiment
    TS215;sftp+sort;Create the service agreement: collect the sortiment;Opret serviceaftale: hent sortiment
    TS216;sftp+sort;Approve it;Godkend den
    """

  private static let sheetB = """
    TS105;ws;Create the service agreement, platform's web service;Opret serviceaftale, platformens webservice
    TS106;ws;Approve it;Godkend den
    TS107;ws;Create the service agreement, debitor's web service;Opret serviceaftale, debitors webservice
    TS108;ws;Approve it;Godkend den
    TS114-B;sort;Read the sortiment in by hand;Indlæs sortimentet manuelt
    TS200;sort;Mapping;Mapning
    TS201;agr;Working procedures of D;Arbejdsgange for D
    TS203;ws;Register D's web service;Registrér D's webservice
    TS204;ws;Create it on the platform;Opret den på platformen
    TS205;ws;Order the route fagsystem to D (web service);Bestil ruten fagsystem til D (webservice)
    TS213;sort;Order the sortiment subscription;Bestil abonnement på sortiment
    TS214;mon;Order monitoring of D's IN: sortiment;Bestil overvågning af D's IN: sortiment
    TS215;sftp;Create the service agreement: collect the sortiment;Opret serviceaftale: hent sortiment
    TS216;sftp;Approve it;Godkend den
    TS301;ws;Agreement on Ping;Aftale om Ping
    TS302;ws;Approve it;Godkend den
    TS303;ws;Switch on the platform's monitoring of D's service (not of pickup);Slå platformens overvågning af D's service til (ikke af afhentning)
    """

  private static let sheetC = """
    TF100;agr;Agreement of the fagsystem;Aftale for fagsystemet
    TF101;adm;Fagsystem in the STS administration;Fagsystem i STS-administration
    TF102;sftp;Fagsystem as SFTP user;Fagsystem som SFTP-bruger
    TF103;agr;Service terms EP_FS1 and EP_FS2;Servicevilkår EP_FS1 og EP_FS2
    TF200;agr;Agreement of KMD Udbetaling;Aftale for KMD Udbetaling
    TF201;adm;KMD Udbetaling in the STS administration;KMD Udbetaling i STS-administration
    TF202;sftp;KMD Udbetaling as SFTP user;KMD Udbetaling som SFTP-bruger
    TS100;adm;Register the authority's administrative unit;Registrér myndighedens administrative enhed
    TS103;sftp;Create the agreement: deliver payment requests by SFTP;Opret aftale: aflever udbetalingsanmodninger via SFTP
    TS104?;mon;Order monitoring of KMD Udbetaling's IN: payment requests (its id is lost, TS104 stands near);Bestil overvågning af KMD Udbetalings IN: udbetalingsanmodninger (nummeret mangler, TS104 står ved siden af)
    """
}
