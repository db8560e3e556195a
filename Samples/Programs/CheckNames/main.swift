// Checks names before anything is sent: those of the settings, an InfRef, and a file's name on the wire:
//
//     CheckNames filsluse.yaml FagsystemdefineredeDataRefGDPR1203_1 udtræk_0101.csv

import ExchangeSettings
import Foundation
import SystemPackage
import TriggerFiles

guard CommandLine.arguments.count == 4 else {
  print("usage: CheckNames SETTINGS INFREF FILENAME")
  exit(64)
}
let settingsFile = FilePath(CommandLine.arguments[1])
let infRef = CommandLine.arguments[2]
let fileName = CommandLine.arguments[3]

let settings = loadSettings(settingsFile)
var isGood = true

// begin snippet
// An InfRef is right to the last byte, or each finding says what is wrong with it and how it is spelt.
for finding in InfRef.check(infRef, register: settings.register) {
  print(finding)
  if finding.severity == .error { isGood = false }
}

// A name on the wire has room for the longest suffix, ends in none, and holds nothing that a server may trip over.
do {
  print(try WireName(fileName), "can be sent")
} catch {
  print(error)
  isGood = false
}
// end snippet

exit(isGood ? 0 : 65)

// begin snippet
func loadSettings(_ file: FilePath) -> ExchangeSettings {
  do {
    let settings = try ExchangeSettings.load(file)
    for route in settings.routes.prefix(3) { print(route.name, route.account, route.addressing?.infRef ?? "direct") }
    return settings
  } catch {
    // All problems of the file together, each with its line, its key and its remedy.
    for problem in error.problems { print(problem) }
    exit(78)
  }
}
// end snippet
