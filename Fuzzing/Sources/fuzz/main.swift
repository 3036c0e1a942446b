import Foundation
import FuzzDriver

// fuzz seeds FOLDER            writes what each target starts from
// fuzz TARGET [libFuzzer's…]   runs a target
let words = CommandLine.arguments
guard words.count > 1 else {
  print(([""] + Target.allCases.map(\.rawValue)).joined(separator: "\nfuzz "))
  exit(2)
}
if words[1] == "seeds" {
  try Seeds.write(to: words.count > 2 ? words[2] : ".")
} else if let target = Target(rawValue: words[1]) {
  Target.current = target
  // libFuzzer starts itself anew in some modes, by its first argument.
  let arguments = [words[0]] + words.dropFirst(2)
  var pointers: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
  exit(
    fuzz_run(Int32(arguments.count), &pointers) { bytes, count in
      let input = UnsafeRawBufferPointer(start: bytes, count: count)
      Target.current?.run(input)
      return 0
    })
} else {
  print("unknown target: \(words[1])")
  exit(2)
}
