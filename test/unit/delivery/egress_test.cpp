#include "http/egress.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <stdexcept>

#include <catch2/catch.hpp>

using namespace threefactor;
using namespace threefactor::delivery;

namespace {

bool Refused(const EgressRule& rule, const char* address) {
  return RefusalOf(rule, address).has_value();
}

EgressRule Denying(const char* networks) {
  return {{}, ParseNetworks(networks)};
}

}  // namespace

TEST_CASE("networks are parsed, or the part that is none is named") {
  CHECK(ParseNetworks("").empty());
  CHECK(ParseNetworks(" 10.0.0.0/8,fe80::/10 , 192.0.2.1,").size() == 3);
  for (const char* part :
       {"10.0.0/8", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/", "10.0.0.0/8x", "fe80::/129", "host", "1.2.3.4 5"})
    CHECK_THROWS_WITH(ParseNetworks(std::string("10.0.0.0/8, ") + part), part);
}

TEST_CASE("an address is in a network by its first bits") {
  const EgressRule rule = Denying("10.0.0.0/8, 172.16.0.0/12, 192.0.2.1, fe80::/10, fd00:ec2::254");
  for (const char* address : {"10.0.0.0", "10.255.255.255", "172.16.0.1", "172.31.255.255", "192.0.2.1", "fe80::1",
                              "febf::1", "fd00:ec2::254"})
    CHECK(Refused(rule, address));
  for (const char* address : {"9.255.255.255", "11.0.0.0", "172.15.255.255", "172.32.0.0", "192.0.2.2", "fec0::1",
                              "fd00:ec2::255", "::1", "a00::"})
    CHECK_FALSE(Refused(rule, address));
  CHECK(Refused(Denying("0.0.0.0/0"), "1.2.3.4"));
  CHECK_FALSE(Refused(Denying("0.0.0.0/0"), "::1"));
  CHECK_FALSE(Refused(Denying("::/0"), "1.2.3.4"));
}

TEST_CASE("an IPv6 address that carries an IPv4 address is both") {
  const EgressRule rule = Denying("169.254.0.0/16");
  CHECK(Refused(rule, "::ffff:169.254.169.254"));
  CHECK(Refused(rule, "64:ff9b::a9fe:a9fe"));
  CHECK_FALSE(Refused(rule, "::ffff:127.0.0.1"));
  CHECK_FALSE(Refused(rule, "2001:db8::a9fe:a9fe"));
  CHECK(Refused(Denying("::ffff:0:0/96"), "::ffff:1.2.3.4"));
  CHECK_FALSE(Refused(Denying("::ffff:0:0/96"), "1.2.3.4"));
}

TEST_CASE("denied wins over allowed; nothing allowed means everything") {
  const EgressRule rule{ParseNetworks("10.0.0.0/8, 2001:db8::/32"), ParseNetworks("10.1.0.0/16")};
  CHECK_FALSE(Refused(rule, "10.2.0.1"));
  CHECK_FALSE(Refused(rule, "::ffff:10.2.0.1"));
  CHECK(RefusalOf(rule, "10.1.0.1") == "the address is denied by threefactor.denied_networks: 10.1.0.1");
  CHECK(RefusalOf(rule, "8.8.8.8") == "the address is not among threefactor.allowed_networks: 8.8.8.8");
  CHECK_FALSE(Refused({}, "8.8.8.8"));
}

TEST_CASE("socket addresses") {
  sockaddr_in v4{};
  v4.sin_family = AF_INET;
  inet_pton(AF_INET, "169.254.169.254", &v4.sin_addr);
  CHECK(RefusalOf(Denying("169.254.0.0/16"), reinterpret_cast<sockaddr&>(v4)));
  CHECK_FALSE(RefusalOf(Denying("169.254.0.0/24"), reinterpret_cast<sockaddr&>(v4)));
  sockaddr_in6 v6{};
  v6.sin6_family = AF_INET6;
  inet_pton(AF_INET6, "::ffff:169.254.169.254", &v6.sin6_addr);
  CHECK(RefusalOf(Denying("169.254.0.0/16"), reinterpret_cast<sockaddr&>(v6)));
  sockaddr other{};
  other.sa_family = AF_UNIX;
  CHECK(RefusalOf({}, other));
}
