#include "validation/decimal.hpp"

#include <catch2/catch.hpp>

using threefactor::validation::IntegerFromDecimal;
using threefactor::validation::PlainNotation;
using threefactor::validation::SameNumber;
using threefactor::validation::ScientificNotation;

TEST_CASE("Integers in every notation") {
  CHECK(IntegerFromDecimal("0") == 0);
  CHECK(IntegerFromDecimal("-0.0") == 0);
  CHECK(IntegerFromDecimal("0e999999999999999999999") == 0);
  CHECK(IntegerFromDecimal("42") == 42);
  CHECK(IntegerFromDecimal("-42.000") == -42);
  CHECK(IntegerFromDecimal("1.5e1") == 15);
  CHECK(IntegerFromDecimal("100e-2") == 1);
  CHECK(IntegerFromDecimal("9223372036854775807") == 9223372036854775807);
  CHECK(IntegerFromDecimal("-9223372036854775808") == INT64_MIN);
  for (const char* wrong :
       {"1.5", "1e-1", "9223372036854775808", "1e30", "1e999999999999999999999", "1e-999999999999999999999"}) {
    CAPTURE(wrong);
    CHECK_FALSE(IntegerFromDecimal(wrong).has_value());
  }
}

TEST_CASE("Numbers as messages print them") {
  CHECK(ScientificNotation("2147483648") == "2.147483648e9");
  CHECK(ScientificNotation("-3000000000") == "-3.0e9");
  CHECK(ScientificNotation("1.5") == "1.5");
  CHECK(ScientificNotation("12") == "12.0");
  CHECK(ScientificNotation("1234567.25") == "1234567.25");
  CHECK(ScientificNotation("12345678") == "1.2345678e7");
  CHECK(ScientificNotation("0.5") == "0.5");
  CHECK(ScientificNotation("0.05") == "5.0e-2");
  CHECK(ScientificNotation("0") == "0.0");
}

TEST_CASE("numbers without an exponent, for money") {
  CHECK(PlainNotation("1.50") == "1.50");
  CHECK(PlainNotation("-0") == "-0");
  CHECK(PlainNotation("1.5e3") == "1500");
  CHECK(PlainNotation("-1.25E+1") == "-12.5");
  CHECK(PlainNotation("1e-2") == "0.01");
  CHECK(PlainNotation("-12.5e-1") == "-1.25");
  CHECK(PlainNotation("0e40") == "0");
  CHECK(PlainNotation("12345678901234567890.5e2") == "1234567890123456789050");
  CHECK(PlainNotation("1e1000000000000") == std::nullopt);
  CHECK(PlainNotation("1e-1000000000000") == std::nullopt);
}

TEST_CASE("the same number, however it is written") {
  CHECK(SameNumber("1", "1.0"));
  CHECK(SameNumber("10e-1", "1"));
  CHECK(SameNumber("-0", "0.00"));
  CHECK(SameNumber("12345678901234567890.50", "12345678901234567890.5"));
  CHECK_FALSE(SameNumber("12345678901234567890.5", "12345678901234567890.51"));
  CHECK_FALSE(SameNumber("1", "-1"));
}
