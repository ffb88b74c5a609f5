using System.Net;
using MiniPlane.Workloads.Addresses;

namespace MiniPlane.Workloads.Tests.Addresses;

public sealed class RangeAddressesTests
{
    private readonly RangeAddresses _addresses = new(IPNetwork.Parse("127.128.0.0/29"));

    [Fact]
    public void Each_pod_gets_an_address_of_its_own_and_keeps_it()
    {
        string first = _addresses.Allocate("a", isHostNetwork: false);
        string second = _addresses.Allocate("b", isHostNetwork: false);

        Assert.Equal(("127.128.0.1", "127.128.0.2"), (first, second));
        Assert.Equal(first, _addresses.Allocate("a", isHostNetwork: false));
    }

    [Fact]
    public void An_address_from_before_a_restart_is_not_given_to_another()
    {
        _addresses.Reserve("old", "127.128.0.1");

        Assert.Equal("127.128.0.2", _addresses.Allocate("new", isHostNetwork: false));
        Assert.Equal("127.128.0.1", _addresses.Allocate("old", isHostNetwork: false));
    }

    [Fact]
    public void A_full_range_gives_none_until_one_is_free()
    {
        string[] all = [.. Enumerable.Range(0, 6).Select(i => _addresses.Allocate($"p{i}", isHostNetwork: false))];
        string none = _addresses.Allocate("late", isHostNetwork: false);
        _addresses.Release("p3");

        Assert.Equal(6, all.Distinct(StringComparer.Ordinal).Count());
        Assert.Equal("", none);
        Assert.Equal(all[3], _addresses.Allocate("late", isHostNetwork: false));
    }

    [Fact]
    public void A_pod_on_its_hosts_network_has_its_hosts_address() => Assert.Equal("", _addresses.Allocate("a", isHostNetwork: true));
}
