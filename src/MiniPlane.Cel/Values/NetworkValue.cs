using System.Globalization;
using System.Net;

namespace MiniPlane.Cel.Values;

/// <summary>An address with the length of its prefix, as written.</summary>
internal sealed record NetworkValue(AddressValue Address, int PrefixLength) : ICelOpaque
{
    public CelKind Kind => CelKind.Cidr;

    public static NetworkValue? TryParse(string text)
    {
        int slash = text.IndexOf('/', StringComparison.Ordinal);
        return slash > 0
            && AddressValue.TryParse(text[..slash]) is { } address
            && int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int bits)
            && bits <= (address.Family == 4 ? 32 : 128)
                ? new NetworkValue(address, bits)
                : null;
    }

    /// <summary>The address with everything after the prefix cleared.</summary>
    public NetworkValue Masked()
    {
        byte[] bytes = Address.Address.GetAddressBytes();
        for (int bit = PrefixLength; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] &= (byte)~(0x80 >> (bit % 8));
        }

        return this with { Address = new AddressValue(new IPAddress(bytes)) };
    }

    public bool Contains(AddressValue address) =>
        address.Family == Address.Family && (this with { Address = address }).Masked().Address.Equals(Masked().Address);

    public bool Contains(NetworkValue network) => network.PrefixLength >= PrefixLength && Contains(network.Address);

    public bool Equals(ICelOpaque? other) => other is NetworkValue value && Equals(value);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Address}/{PrefixLength}");
}
