//! Which addresses are public.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Networks that are not, by IANA's registry of special-purpose addresses (RFC 6890 and those that amend it).
const V4: &[(Ipv4Addr, u32, &str)] = &[
    (Ipv4Addr::new(0, 0, 0, 0), 8, "an address of “this network”"),
    (Ipv4Addr::new(10, 0, 0, 0), 8, "a private address"),
    (Ipv4Addr::new(100, 64, 0, 0), 10, "an address behind a carrier's translation"),
    (Ipv4Addr::new(127, 0, 0, 0), 8, "an address of the machine itself"),
    (Ipv4Addr::new(169, 254, 0, 0), 16, "a link-local address"),
    (Ipv4Addr::new(172, 16, 0, 0), 12, "a private address"),
    (Ipv4Addr::new(192, 0, 0, 0), 24, "an address kept for protocols"),
    (Ipv4Addr::new(192, 0, 2, 0), 24, "an address for documentation"),
    (Ipv4Addr::new(192, 88, 99, 0), 24, "an address of a 6to4 relay"),
    (Ipv4Addr::new(192, 168, 0, 0), 16, "a private address"),
    (Ipv4Addr::new(198, 18, 0, 0), 15, "an address for benchmarks"),
    (Ipv4Addr::new(198, 51, 100, 0), 24, "an address for documentation"),
    (Ipv4Addr::new(203, 0, 113, 0), 24, "an address for documentation"),
    (Ipv4Addr::new(224, 0, 0, 0), 4, "a multicast address"),
    (Ipv4Addr::new(240, 0, 0, 0), 4, "a reserved address"),
];

/// The same for IPv6. What carries an IPv4 address within it is refused whole: it would have to be looked at twice.
const V6: &[(Ipv6Addr, u32, &str)] = &[
    (Ipv6Addr::new(0, 0, 0, 0, 0, 0, 0, 1), 128, "an address of the machine itself"),
    (Ipv6Addr::new(0, 0, 0, 0, 0, 0xffff, 0, 0), 96, "an IPv4 address in IPv6's clothes"),
    (Ipv6Addr::new(0, 0, 0, 0, 0, 0, 0, 0), 96, "an unspecified address, or IPv4 in IPv6's clothes"),
    (Ipv6Addr::new(0x64, 0xff9b, 0, 0, 0, 0, 0, 0), 96, "an address of a translator (NAT64)"),
    (Ipv6Addr::new(0x64, 0xff9b, 1, 0, 0, 0, 0, 0), 48, "an address of a local translator (NAT64)"),
    (Ipv6Addr::new(0x100, 0, 0, 0, 0, 0, 0, 0), 64, "an address that discards"),
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 23, "an address kept for protocols"),
    (Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0), 32, "an address for documentation"),
    (Ipv6Addr::new(0x2002, 0, 0, 0, 0, 0, 0, 0), 16, "a 6to4 address"),
    (Ipv6Addr::new(0x3fff, 0, 0, 0, 0, 0, 0, 0), 20, "an address for documentation"),
    (Ipv6Addr::new(0xfc00, 0, 0, 0, 0, 0, 0, 0), 7, "a private address"),
    (Ipv6Addr::new(0xfe80, 0, 0, 0, 0, 0, 0, 0), 10, "a link-local address"),
    (Ipv6Addr::new(0xfec0, 0, 0, 0, 0, 0, 0, 0), 10, "a site-local address"),
    (Ipv6Addr::new(0xff00, 0, 0, 0, 0, 0, 0, 0), 8, "a multicast address"),
];

/// What kind of address this is, if it is not one that everybody on the internet can reach; nothing if it is.
pub fn not_public(address: IpAddr) -> Option<&'static str> {
    match address {
        IpAddr::V4(address) => {
            let lies_in = |network: Ipv4Addr, prefix: u32| {
                (address.to_bits() ^ network.to_bits()).checked_shr(32 - prefix).unwrap_or(0) == 0
            };
            V4.iter().find(|(network, prefix, _)| lies_in(*network, *prefix)).map(|(_, _, kind)| *kind)
        }
        IpAddr::V6(address) => {
            let lies_in = |network: Ipv6Addr, prefix: u32| {
                (address.to_bits() ^ network.to_bits()).checked_shr(128 - prefix).unwrap_or(0) == 0
            };
            let named = V6.iter().find(|(network, prefix, _)| lies_in(*network, *prefix));
            // Whatever else is handed out some day has to be asked for here: only 2000::/3 is global unicast (RFC 4291, 2.4).
            let is_global = lies_in(Ipv6Addr::new(0x2000, 0, 0, 0, 0, 0, 0, 0), 3);
            named.map(|(_, _, kind)| *kind).or((!is_global).then_some("an address that nobody was given"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_is_not_public_is_known_by_its_first_and_last_address() {
        for (network, prefix, kind) in V4 {
            let last = Ipv4Addr::from_bits(network.to_bits() | u32::MAX.checked_shr(*prefix).unwrap_or(0));
            for address in [*network, last] {
                assert_eq!(not_public(address.into()), Some(*kind), "{address}");
            }
        }
        for (network, prefix, _) in V6 {
            let last = Ipv6Addr::from_bits(network.to_bits() | u128::MAX.checked_shr(*prefix).unwrap_or(0));
            for address in [*network, last] {
                assert!(not_public(address.into()).is_some(), "{address}");
            }
        }
    }

    #[test]
    fn known_public_addresses_and_the_neighbours_of_private_ones_are_public() {
        for text in [
            "9.9.9.9",
            "11.0.0.0",
            "9.255.255.255",
            "100.63.255.255",
            "100.128.0.0",
            "126.255.255.255",
            "128.0.0.0",
            "169.253.255.255",
            "172.15.255.255",
            "172.32.0.0",
            "192.167.255.255",
            "192.169.0.0",
            "198.17.255.255",
            "198.20.0.0",
            "223.255.255.255",
            "2620:fe::fe",
            "2a00::1",
            "2001:200::1",
            "2001:db9::1",
            "2003::1",
        ] {
            assert_eq!(not_public(text.parse().unwrap()), None, "{text}");
        }
        for text in
            ["::", "::1", "::ffff:9.9.9.9", "::9.9.9.9", "64:ff9b::9.9.9.9", "2002:909:909::1", "4000::1", "1::1"]
        {
            assert!(not_public(text.parse().unwrap()).is_some(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_address_that_the_standard_library_calls_private_is_public(bits in any::<u32>()) {
            let address = Ipv4Addr::from_bits(bits);
            let is_not = address.is_private() || address.is_loopback() || address.is_link_local()
                || address.is_multicast() || address.is_broadcast() || address.is_documentation() || address.is_unspecified();
            if is_not {
                prop_assert!(not_public(address.into()).is_some());
            }
            // Whatever it is, IPv6 does not carry it past.
            prop_assert!(not_public(address.to_ipv6_mapped().into()).is_some());
            prop_assert!(not_public(address.to_ipv6_compatible().into()).is_some());
        }
    }
}
