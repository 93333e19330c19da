import ipaddr from "ipaddr.js";

/** Says which addresses a request may be sent to. */
export interface AddressGuard {
  /** @param hostname as the URL has it: a name, or an address without brackets. */
  mayReach(hostname: string, address: string): boolean;
}

type Address = ipaddr.IPv4 | ipaddr.IPv6;

/** Public by its number, but answered by the host of a virtual machine: Azure's metadata. */
const metadataAddresses: ReadonlySet<string> = new Set(["168.63.129.16"]);

/** RFC 6052 §2.1: what follows is an IPv4 address that a translator in the network speaks to. */
const nat64 = ipaddr.IPv6.parseCIDR("64:ff9b::/96");
/** RFC 4291 §2.4: everything that was ever given out as global unicast. */
const globalUnicast = ipaddr.IPv6.parseCIDR("2000::/3");

/**
 * True for addresses of the public internet. False for everything else: private, loopback,
 * link-local, unique-local, shared (CGNAT), multicast, reserved, documentation and metadata
 * addresses, and IPv6 forms that carry one of those inside.
 */
export function isPublicAddress(text: string): boolean {
  if (!ipaddr.isValid(text)) return false;
  // An IPv4-mapped IPv6 address (::ffff:0:0/96) reaches the IPv4 address in it.
  const address = ipaddr.process(text);
  if (address instanceof ipaddr.IPv4) return isPublicIPv4(address);
  if (address.match(nat64)) return isPublicIPv4(new ipaddr.IPv4(address.toByteArray().slice(12)));
  return address.range() === "unicast" && address.match(globalUnicast);
}

function isPublicIPv4(address: ipaddr.IPv4): boolean {
  return address.range() === "unicast" && !metadataAddresses.has(address.toString());
}

/**
 * Creates a guard that lets through what is public, and what `allowedPrivate` lists: addresses and
 * CIDRs, or names, which may then resolve to any address. Throws TypeError for an entry that is none
 * of these.
 */
export function createAddressGuard(allowedPrivate: readonly string[]): AddressGuard {
  const names = new Set<string>();
  const blocks: [Address, number][] = [];
  for (const entry of allowedPrivate) {
    if (ipaddr.isValidCIDR(entry)) blocks.push(ipaddr.parseCIDR(entry));
    else if (ipaddr.isValid(entry)) blocks.push(toBlock(ipaddr.process(entry)));
    else names.add(toHostname(entry));
  }
  return {
    mayReach(hostname, text) {
      if (isPublicAddress(text) || names.has(hostname.toLowerCase())) return true;
      if (!ipaddr.isValid(text)) return false;
      const address = ipaddr.process(text);
      return blocks.some((block) => block[0].kind() === address.kind() && address.match(block));
    },
  };
}

function toBlock(address: Address): [Address, number] {
  return [address, address.kind() === "ipv4" ? 32 : 128];
}

function toHostname(entry: string): string {
  const url = `http://${entry}/`;
  const { hostname = "", host = "" } = URL.canParse(url) ? new URL(url) : {};
  if (hostname === "" || host !== entry.toLowerCase() || entry.includes("*")) {
    throw new TypeError(`"${entry}" is no address, CIDR (such as 10.0.0.0/8) or host name.`);
  }
  return hostname;
}
