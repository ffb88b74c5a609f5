using System.Buffers.Binary;
using System.Text;

namespace MiniPlane.ApiServer.Spdy;

/// <summary>The text with which SPDY/3 headers are compressed (SPDY Protocol draft 3, section 2.6.10.1): length-prefixed words, then plain text.</summary>
internal static class SpdyDictionary
{
    /// <summary>The dictionary's Adler-32, by which zlib names it (RFC 1950, DICTID).</summary>
    public const uint Adler32 = 0xe3c6a7c2;

    private const string Words =
        "options|head|post|put|delete|trace|accept|accept-charset|accept-encoding|accept-language|accept-ranges|age|allow|authorization|"
        + "cache-control|connection|content-base|content-encoding|content-language|content-length|content-location|content-md5|"
        + "content-range|content-type|date|etag|expect|expires|from|host|if-match|if-modified-since|if-none-match|if-range|"
        + "if-unmodified-since|last-modified|location|max-forwards|pragma|proxy-authenticate|proxy-authorization|range|referer|"
        + "retry-after|server|te|trailer|transfer-encoding|upgrade|user-agent|vary|via|warning|www-authenticate|method|get|status|"
        + "200 OK|version|HTTP/1.1|url|public|set-cookie|keep-alive|origin";

    private const string Tail =
        "100101201202205206300302303304305306307402405406407408409410411412413414415416417502504505203 Non-Authoritative Information"
        + "204 No Content301 Moved Permanently400 Bad Request401 Unauthorized403 Forbidden404 Not Found500 Internal Server Error"
        + "501 Not Implemented503 Service UnavailableJan Feb Mar Apr May Jun Jul Aug Sept Oct Nov Dec 00:00:00 Mon, Tue, Wed, Thu, "
        + "Fri, Sat, Sun, GMTchunked,text/html,image/png,image/jpg,image/gif,application/xml,application/xhtml+xml,text/plain,"
        + "text/javascript,publicprivatemax-age=gzip,deflate,sdchcharset=utf-8charset=iso-8859-1,utf-,*,enq=0.";

    private static readonly Lazy<byte[]> Content = new(Build);

    public static ReadOnlySpan<byte> Bytes => Content.Value;

    private static byte[] Build()
    {
        using var bytes = new MemoryStream(1423);
        Span<byte> length = stackalloc byte[sizeof(int)];
        foreach (string word in Words.Split('|'))
        {
            BinaryPrimitives.WriteInt32BigEndian(length, word.Length);
            bytes.Write(length);
            bytes.Write(Encoding.ASCII.GetBytes(word));
        }

        bytes.Write(Encoding.ASCII.GetBytes(Tail));
        return bytes.ToArray();
    }
}
