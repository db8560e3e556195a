// swift-tools-version: 6.2

import PackageDescription

// The example programs as a package of their own, which knows Filsluse by its products alone, as a user's package does.
let filsluse = ["TriggerFiles", "FilsluseSFTP", "ExchangeSettings", "FileExchange", "PickupWatch", "LocalPlatform"]

let package = Package(
  name: "filsluse-examples",
  dependencies: [
    .package(name: "filsluse", path: "../.."),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
    .package(url: "https://github.com/apple/swift-system", from: "1.4.0"),
  ],
  targets: [
    "WriteTrigger", "ReadMetadata", "DeliverFile", "CollectFiles", "CheckNames", "ListFolder", "WatchInbox",
    "TryPlatform",
  ].map { name in
    .executableTarget(
      name: "My\(name)",
      dependencies: filsluse.map { .product(name: $0, package: "filsluse") } + [
        .product(name: "Logging", package: "swift-log"), .product(name: "SystemPackage", package: "swift-system"),
      ],
      path: name, swiftSettings: [.enableUpcomingFeature("MemberImportVisibility")])
  }
)
