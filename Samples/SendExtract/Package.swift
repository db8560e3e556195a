// swift-tools-version: 6.2

import PackageDescription

let package = Package(
  name: "send-extract",
  dependencies: [
    // In a repository of your own: the address of Filsluse's, and a version.
    .package(name: "filsluse", path: "../.."),
    .package(url: "https://github.com/apple/swift-system", from: "1.4.0"),
  ],
  targets: [
    .executableTarget(
      name: "SendExtract",
      dependencies: [
        .product(name: "FileExchange", package: "filsluse"),
        .product(name: "ExchangeSettings", package: "filsluse"),
        .product(name: "SystemPackage", package: "swift-system"),
      ],
      swiftSettings: [.enableUpcomingFeature("MemberImportVisibility")])
  ]
)
