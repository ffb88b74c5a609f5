using System.Collections.Immutable;
using System.Text;

namespace MiniPlane.Dns.Messages;

/// <summary>
/// A domain name: labels of 1 to 63 octets, at most 255 octets in all (RFC 1035 2.3.4). An octet is a character below 256; its case
/// is kept and does not count when names are compared (RFC 4343).
/// </summary>
internal sealed class DnsName : IEquatable<DnsName>
{
    public const int MaxLabel = 63;
    public const int MaxOctets = 255;

    public static readonly DnsName Root = new([]);

    private string? _text;

    private DnsName(ImmutableArray<string> labels) => Labels = labels;

    /// <summary>From the leftmost to the one below the root.</summary>
    public ImmutableArray<string> Labels { get; }

    public static DnsName? FromLabels(ImmutableArray<string> labels)
    {
        int octets = 1;
        foreach (string label in labels)
        {
            if (label.Length is 0 or > MaxLabel || label.Any(octet => octet > 0xff))
            {
                return null;
            }

            octets += 1 + label.Length;
        }

        return octets <= MaxOctets ? new DnsName(labels) : null;
    }

    /// <summary>Reads <c>a.b.c</c>, with or without the final dot; no escapes. Null if it is no name.</summary>
    public static DnsName? Parse(string text)
    {
        string trimmed = text.EndsWith('.') ? text[..^1] : text;
        return trimmed.Length == 0 ? Root : FromLabels([.. trimmed.Split('.')]);
    }

    public bool IsWithin(DnsName zone)
    {
        int offset = Labels.Length - zone.Labels.Length;
        if (offset < 0)
        {
            return false;
        }

        for (int i = 0; i < zone.Labels.Length; i++)
        {
            if (!SameLabel(Labels[offset + i], zone.Labels[i]))
            {
                return false;
            }
        }

        return true;
    }

    public static bool SameLabel(string a, string b) => Lower(a) == Lower(b);

    /// <summary>Lower case for ASCII only; other octets have no case in DNS.</summary>
    public static string Lower(string label)
    {
        foreach (char octet in label)
        {
            if (char.IsAsciiLetterUpper(octet))
            {
                return string.Create(label.Length, label, static (lowered, source) =>
                {
                    for (int i = 0; i < lowered.Length; i++)
                    {
                        lowered[i] = char.IsAsciiLetterUpper(source[i]) ? (char)(source[i] | 0x20) : source[i];
                    }
                });
            }
        }

        return label;
    }

    public bool Equals(DnsName? other) =>
        other is not null && Labels.Length == other.Labels.Length && IsWithin(other);

    public override bool Equals(object? obj) => Equals(obj as DnsName);

    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (string label in Labels)
        {
            hash.Add(Lower(label), StringComparer.Ordinal);
        }

        return hash.ToHashCode();
    }

    /// <summary>Presentation form with the final dot; dots, backslashes and unprintable octets escaped (RFC 1035 5.1).</summary>
    public override string ToString() => _text ??= Present();

    private string Present()
    {
        if (Labels.IsEmpty)
        {
            return ".";
        }

        var text = new StringBuilder();
        foreach (string label in Labels)
        {
            foreach (char octet in label)
            {
                _ = octet switch
                {
                    '.' or '\\' => text.Append('\\').Append(octet),
                    > ' ' and < (char)0x7f => text.Append(octet),
                    _ => text.Append('\\').Append(((int)octet).ToString("D3", System.Globalization.CultureInfo.InvariantCulture)),
                };
            }

            text.Append('.');
        }

        return text.ToString();
    }
}
