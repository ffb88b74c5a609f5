using System.Security.Cryptography;

namespace MiniPlane.ApiServer.Registry;

/// <summary>
/// Names from <c>metadata.generateName</c>: the prefix, cut so that the whole stays a label, and five random characters from
/// upstream's alphabet without vowels (k8s.io/apiserver/pkg/storage/names).
/// </summary>
internal static class NameGenerator
{
    private const int SuffixLength = 5;
    private const int MaxPrefix = 63 - SuffixLength;

    public static string From(string prefix) =>
        string.Concat(
            prefix.Length > MaxPrefix ? prefix.AsSpan(0, MaxPrefix) : prefix,
            RandomNumberGenerator.GetString("bcdfghjklmnpqrstvwxz2456789", SuffixLength));
}
