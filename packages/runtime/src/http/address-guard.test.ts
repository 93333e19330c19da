import { describe, expect, test } from "vitest";
import { createAddressGuard, isPublicAddress } from "./address-guard.ts";

describe("an address", () => {
  test.each([
    ["this network", "0.0.0.0"],
    ["this network", "0.1.2.3"],
    ["private", "10.0.0.1"],
    ["private", "172.16.0.1"],
    ["private", "172.31.255.255"],
    ["private", "192.168.1.1"],
    ["shared (CGNAT)", "100.64.0.1"],
    ["Alibaba's metadata", "100.100.100.200"],
    ["loopback", "127.0.0.1"],
    ["loopback", "127.255.255.254"],
    ["link-local and metadata", "169.254.169.254"],
    ["Azure's metadata", "168.63.129.16"],
    ["Oracle's metadata", "192.0.0.192"],
    ["documentation", "192.0.2.1"],
    ["benchmarks", "198.18.0.1"],
    ["documentation", "203.0.113.9"],
    ["multicast", "224.0.0.1"],
    ["reserved", "240.0.0.1"],
    ["broadcast", "255.255.255.255"],
    ["unspecified", "::"],
    ["loopback", "::1"],
    ["loopback, in full", "0:0:0:0:0:0:0:1"],
    ["IPv4-mapped", "::ffff:127.0.0.1"],
    ["IPv4-mapped, in hex", "::ffff:7f00:1"],
    ["IPv4-mapped metadata", "::ffff:169.254.169.254"],
    ["IPv4-compatible", "::127.0.0.1"],
    ["IPv4-translated", "::ffff:0:127.0.0.1"],
    ["NAT64 of loopback", "64:ff9b::7f00:1"],
    ["NAT64 of metadata", "64:ff9b::169.254.169.254"],
    ["NAT64 for local use", "64:ff9b:1::8.8.8.8"],
    ["6to4 of loopback", "2002:7f00:1::"],
    ["6to4 of a private one", "2002:a00:1::1"],
    ["Teredo", "2001::1"],
    ["unique-local", "fc00::1"],
    ["unique-local: AWS' metadata", "fd00:ec2::254"],
    ["link-local", "fe80::1"],
    ["link-local with a zone", "fe80::1%eth0"],
    ["site-local", "fec0::1"],
    ["multicast", "ff02::1"],
    ["documentation", "2001:db8::1"],
    ["discard", "100::1"],
    ["never given out", "4000::1"],
    ["nothing", ""],
    ["no address", "localhost"],
  ])("that is %s is not public: %s", (_, address) => {
    expect(isPublicAddress(address)).toBe(false);
  });

  test.each([
    "1.1.1.1",
    "8.8.8.8",
    "100.63.255.255",
    "172.32.0.1",
    "2606:4700:4700::1111",
    "::ffff:8.8.8.8",
    "64:ff9b::8.8.8.8",
  ])("of the internet is public: %s", (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });
});

describe("the operator's list", () => {
  const guard = createAddressGuard(["10.1.0.0/16", "192.168.7.7", "fd12::/16", "Intranet.example"]);

  test("lets through what it names, and nothing beside it", () => {
    expect(guard.mayReach("x", "10.1.2.3")).toBe(true);
    expect(guard.mayReach("x", "::ffff:10.1.2.3")).toBe(true);
    expect(guard.mayReach("x", "192.168.7.7")).toBe(true);
    expect(guard.mayReach("x", "fd12::1")).toBe(true);
    expect(guard.mayReach("intranet.example", "10.9.9.9")).toBe(true);
    expect(guard.mayReach("x", "10.2.0.1")).toBe(false);
    expect(guard.mayReach("x", "192.168.7.8")).toBe(false);
    expect(guard.mayReach("x", "fd13::1")).toBe(false);
    expect(guard.mayReach("a.intranet.example", "10.9.9.9")).toBe(false);
  });

  test.each(["10.0.0.0/33", "*.example.com", "http://x", "a b", "host:80", "user@host", ""])(
    "with an entry that cannot be meant is refused: %s",
    (entry) => {
      expect(() => createAddressGuard([entry])).toThrow(TypeError);
    },
  );
});
