import TestSupport

/// What the tests' random numbers come from.
typealias SeededGenerator = TestSupport.SeededGenerator
