using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;

namespace MiniPlane.ApiServer.Identity;

/// <summary>
/// Reads the parts of an X.500 name. Go writes several organizations as one multi-valued part, which the framework's own reader does
/// not take apart.
/// </summary>
internal static class DistinguishedNames
{
    public static IEnumerable<(string Type, string Value)> Values(X500DistinguishedName name)
    {
        var values = new List<(string, string)>();
        AsnReader parts = new AsnReader(name.RawData, AsnEncodingRules.DER).ReadSequence();
        while (parts.HasData)
        {
            AsnReader set = parts.ReadSetOf(skipSortOrderValidation: true);
            while (set.HasData)
            {
                AsnReader pair = set.ReadSequence();
                string type = pair.ReadObjectIdentifier();
                if ((UniversalTagNumber)pair.PeekTag().TagValue is var tag
                    and (UniversalTagNumber.UTF8String or UniversalTagNumber.PrintableString or UniversalTagNumber.IA5String))
                {
                    values.Add((type, pair.ReadCharacterString(tag)));
                }
            }
        }

        return values;
    }
}
