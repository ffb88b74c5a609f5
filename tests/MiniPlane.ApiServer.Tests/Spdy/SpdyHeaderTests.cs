using System.Text;
using MiniPlane.ApiServer.Spdy;

namespace MiniPlane.ApiServer.Tests.Spdy;

public sealed class SpdyHeaderTests
{
    // Made with zlib (level 9, the SPDY/3 dictionary, a sync flush after each block) from the headers in the test.
    private const string First = "ePnjxqfCAiU6cDorKUpNzIUWJaypoICGFMtF4BxgYWBhAKQ5iyDRmAlK3owGAAAAAP//";
    private const string Second = "wqoZVA4lEtYLAAAA//8=";

    [Fact]
    public void The_dictionary_is_the_one_that_its_checksum_names()
    {
        uint low = 1, high = 0;
        foreach (byte value in SpdyDictionary.Bytes)
        {
            low = (low + value) % 65521;
            high = (high + low) % 65521;
        }

        Assert.Equal(SpdyDictionary.Adler32, (high << 16) | low);
    }

    [Fact]
    public void Blocks_that_zlib_made_are_read_one_after_the_other()
    {
        using var reader = new SpdyHeaderReader();

        IReadOnlyDictionary<string, string> first = reader.Read(Convert.FromBase64String(First));
        IReadOnlyDictionary<string, string> second = reader.Read(Convert.FromBase64String(Second));

        Assert.Equal(("error", "8080", "0"), (first["streamtype"], first["port"], first["requestid"]));
        Assert.Equal(("data", "8080", "0"), (second["streamType"], second["port"], second["requestID"]));
    }

    [Fact]
    public void What_the_writer_writes_the_reader_reads()
    {
        var writer = new SpdyHeaderWriter();
        using var reader = new SpdyHeaderReader();

        for (int round = 0; round < 3; round++)
        {
            byte[] block = writer.Write([new("streamtype", $"number-{round}"), new("empty", "")]);
            Assert.Equal(($"number-{round}", ""), (reader.Read(block)["streamtype"], ""));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("no zlib stream at all")]
    public void A_block_without_the_dictionary_is_refused(string block)
    {
        using var reader = new SpdyHeaderReader();

        Assert.Throws<SpdyException>(() => reader.Read(Encoding.ASCII.GetBytes(block)));
    }

    [Fact]
    public void A_block_that_is_cut_is_refused()
    {
        using var reader = new SpdyHeaderReader();

        Assert.Throws<SpdyException>(() => reader.Read(Convert.FromBase64String(First).AsSpan(0, 20)));
    }
}
