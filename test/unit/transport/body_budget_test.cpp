#include "transport/body_budget.hpp"

#include <optional>

#include <catch2/catch.hpp>

using threefactor::transport::BodyBudget;
using threefactor::transport::BodyShare;

TEST_CASE("shares take of one budget, and give back all they took", "[budget]") {
  BodyBudget budget(100);
  std::optional<BodyShare> first(budget);
  BodyShare second(budget);
  CHECK(first->GrowTo(60));
  CHECK(first->GrowTo(50));
  CHECK(first->held() == 60);
  CHECK_FALSE(second.GrowTo(41));
  CHECK(second.held() == 0);
  CHECK(second.GrowTo(40));
  CHECK_FALSE(second.GrowTo(static_cast<std::size_t>(-1)));
  CHECK(budget.taken() == 100);
  first.reset();
  CHECK(budget.taken() == 40);
  CHECK(second.GrowTo(100));
  second.Release();
  CHECK(budget.taken() == 0);
}
