internal import FilsluseBase
internal import TriggerFiles

extension ReconciliationSurvey.FoundDelivery {
  var item: Reconciliation.Item {
    Reconciliation.Item(
      account: delivery.account, number: "D\(delivery.id)", name: delivery.wireName.string,
      finding: finding, evidence: proof.text(delivery.state))
  }

  /// The state to continue in if the delivery was not sent.
  var stateToGoOn: DeliveryState {
    // The pair under its name belongs to another delivery: it waits until the platform has taken that.
    if content.trigger == .whole { return .staged }
    let isBegun = delivery.state != .staged || content.data != .missing || content.temporary != .missing
    return isBegun ? .uploading : .staged
  }

  private var finding: Reconciliation.Item.Finding {
    switch proof.isSent {
    case true?: .done
    case false?: .notDone
    case nil: .unproven
    }
  }
}

extension DeliveryProof {
  fileprivate func text(_ state: DeliveryState) -> LocalizedText {
    switch self {
    case .receipt: LocalizedText("its receipt lies in IN", "dens kvittering ligger i IN")
    case .trigger: LocalizedText("its trigger lies in OUT", "dens trigger ligger i OUT")
    case .triggerIsGone:
      LocalizedText(
        "its trigger was \(state.rawValue) and is in OUT no more",
        "dens trigger var \(state.title.da) og er ikke længere i OUT")
    case .temporaryTrigger:
      LocalizedText(
        "its trigger lies in OUT under its temporary name, beside the data",
        "dens trigger ligger i OUT under sit midlertidige navn, ved siden af dataene")
    case .nothing:
      LocalizedText(
        "it was \(state.rawValue), and neither OUT nor IN shows what came of it",
        "den var \(state.title.da), og hverken OUT eller IN viser, hvad der blev af den")
    }
  }
}

extension ReconciliationSurvey.FoundArrival {
  var item: Reconciliation.Item {
    let (finding, evidence) = self.finding
    return Reconciliation.Item(
      account: arrival.account, number: arrival.fileTransferUUID, name: arrival.wireName.string, finding: finding,
      evidence: evidence)
  }

  private var finding: (Reconciliation.Item.Finding, LocalizedText) {
    if let placed, placed.sha256 != nil {
      return (.done, LocalizedText("it lies in the inbox folder", "den ligger i indbakkens mappe"))
    }
    if placed != nil, !isForProgram {
      return (
        .done,
        LocalizedText(
          "its metadata lies in the inbox folder; its receiver has taken the data",
          "dens metadata ligger i indbakkens mappe; modtageren har taget dataene")
      )
    }
    if !isInIN {
      return (
        .gone,
        LocalizedText("it is in IN no more, and not in the inbox folder", "den er hverken i IN eller i indbakken")
      )
    }
    if isForProgram {
      return (
        .notDone,
        LocalizedText(
          "its program is given it with the same FileTransferUUID, perhaps once more",
          "dens program får den med samme FileTransferUUID, måske en gang til")
      )
    }
    return (
      .unproven,
      LocalizedText(
        "it lies in IN; whether its receiver has taken it from the inbox folder is not known",
        "den ligger i IN; om modtageren har taget den fra indbakkens mappe, vides ikke")
    )
  }
}
