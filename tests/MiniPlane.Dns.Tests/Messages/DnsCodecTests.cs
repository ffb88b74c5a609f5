using System.Net;
using MiniPlane.Dns.Messages;
using static MiniPlane.Dns.Tests.DnsTesting;

namespace MiniPlane.Dns.Tests.Messages;

public sealed class DnsCodecTests
{
    private static readonly DnsMessage Rich = new()
    {
        Id = 0xbeef,
        IsResponse = true,
        IsAuthoritative = true,
        RecursionDesired = true,
        RecursionAvailable = true,
        CheckingDisabled = true,
        ResponseCode = DnsResponseCode.NameError,
        Questions = [new DnsQuestion(Name("WWW.Example.org"), DnsType.A, DnsClass.Internet)],
        Answers =
        [
            Record("WWW.Example.org", DnsType.Cname, new DnsData.Name(Name("a.example.org"))),
            Record("a.example.org", DnsType.A, new DnsData.Address(IPAddress.Parse("192.0.2.1"))),
            Record("a.example.org", DnsType.Aaaa, new DnsData.Address(IPAddress.Parse("2001:db8::1"))),
            Record("example.org", DnsType.Mx, new DnsData.Mail(10, Name("mail.example.org"))),
        ],
        Authorities =
        [
            Record("example.org", DnsType.Soa, new DnsData.Authority(Name("ns.example.org"), Name("root.example.org"), 1, 2, 3, 4, 5)),
        ],
        Additionals =
        [
            Record("_x._tcp.example.org", DnsType.Srv, new DnsData.Service(1, 2, 3, Name("a.example.org"))),
            Record("t.example.org", DnsType.Txt, new DnsData.Text(["1.1.0", ""])),
        ],
        Edns = new DnsEdns(1232, 0, true),
    };

    [Fact]
    public void What_was_written_is_read_back()
    {
        DnsMessage read = Read(DnsWriter.Write(Rich, 65535));

        Assert.Equivalent(Rich with { Questions = [], Answers = [], Authorities = [], Additionals = [] }, read with
        {
            Questions = [],
            Answers = [],
            Authorities = [],
            Additionals = [],
        });
        Assert.Equal(Rich.Questions.ToArray(), read.Questions.ToArray());
        Assert.Equal(Rich.Answers.ToArray(), read.Answers.ToArray());
        Assert.Equal(Rich.Authorities.ToArray(), read.Authorities.ToArray());
        Assert.Equal(Rich.Additionals[0], read.Additionals[0]);
        Assert.Equal(["1.1.0", ""], Assert.IsType<DnsData.Text>(read.Additionals[1].Data).Strings.AsSpan().ToArray());
    }

    [Fact]
    public void The_case_of_a_name_is_kept_and_does_not_count()
    {
        DnsName asked = Read(DnsWriter.Write(Rich, 65535)).Questions[0].Name;

        Assert.Equal("WWW.Example.org.", asked.ToString());
        Assert.Equal(Name("www.example.ORG"), asked);
        Assert.Equal(Name("www.example.ORG").GetHashCode(), asked.GetHashCode());
        Assert.True(asked.IsWithin(Name("EXAMPLE.org")));
        Assert.False(Name("anexample.org").IsWithin(Name("example.org")));
    }

    [Fact]
    public void Repeated_names_are_written_once()
    {
        DnsMessage message = Query("web.default.svc.cluster.local", DnsType.A);
        int alone = DnsWriter.Write(message, 512).Length;

        byte[] answered = DnsWriter.Write(
            message with
            {
                Answers = [Record("web.default.svc.cluster.local", DnsType.A, new DnsData.Address(IPAddress.Loopback))],
            },
            512);

        Assert.Equal(alone + 2 + 10 + 4, answered.Length);
    }

    [Fact]
    public void Answers_that_do_not_fit_are_left_out_and_the_message_says_so()
    {
        DnsMessage message = Query("many.example.org", DnsType.A, new DnsEdns(512, 0, false)) with
        {
            Answers =
            [
                .. Enumerable.Range(0, 100).Select(i => Record(
                    "many.example.org", DnsType.A, new DnsData.Address(new IPAddress([10, 0, 0, (byte)i])))),
            ],
        };

        byte[] octets = DnsWriter.Write(message, 512);
        DnsMessage read = Read(octets);

        Assert.InRange(octets.Length, 490, 512);
        Assert.True(read.IsTruncated);
        Assert.Equal(message.Answers[..read.Answers.Length].ToArray(), read.Answers.ToArray());
        Assert.NotNull(read.Edns);
    }

    [Fact]
    public void Additional_records_that_do_not_fit_are_not_missed()
    {
        DnsMessage message = Query("x.example.org", DnsType.Txt) with
        {
            Additionals =
            [
                .. Enumerable.Range(0, 3).Select(i => Record("x.example.org", DnsType.Txt, new DnsData.Text([new string('t', 200)]))),
            ],
        };

        DnsMessage read = Read(DnsWriter.Write(message, 512));

        Assert.False(read.IsTruncated);
        Assert.Equal(2, read.Additionals.Length);
    }

    [Theory]
    [InlineData("0007 0100 0001 0000 0000 0000 c00c 0001 0001")]
    [InlineData("0007 0100 0001 0000 0000 0000 01 61 c00c 0001 0001")]
    [InlineData("0007 0100 0001 0000 0000 0000 c0ff 0001 0001")]
    [InlineData("0007 0100 0001 0000 0000 0000 40 61 00 0001 0001")]
    [InlineData("0007 0100 0001 0000 0000 0000 05 61 62")]
    [InlineData("0007 0100 ffff 0000 0000 0000 00 0001 0001")]
    [InlineData("0007 0100 0001 0001 0000 0000 00 0001 0001 00 0001 0001 00000005 0005 01020304")]
    [InlineData("0007 0100 0001 0001 0000 0000 00 0001 0001 00 0001 0001 00000005 0003 010203")]
    [InlineData("0007 0100 0001 0000 0000 0002 00 0001 0001 00 0029 0200 00000000 0000 00 0029 0200 00000000 0000")]
    public void A_message_that_points_at_itself_or_beyond_its_end_is_not_well_formed(string hex)
    {
        byte[] octets = Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));

        Assert.False(DnsReader.TryRead(octets, out _));
    }

    [Fact]
    public void A_name_longer_than_255_octets_is_no_name()
    {
        Assert.Null(DnsName.Parse(string.Join('.', Enumerable.Repeat(new string('a', 63), 4))));
        Assert.NotNull(DnsName.Parse(string.Join('.', Enumerable.Repeat(new string('a', 62), 4))));
        Assert.Null(DnsName.Parse("a..b"));
        Assert.Null(DnsName.Parse(new string('a', 64)));
    }

    [Fact]
    public void Unprintable_octets_are_shown_escaped()
    {
        var name = DnsName.FromLabels(["a.b\\", "\0\u00ff"]);

        Assert.Equal("a\\.b\\\\.\\000\\255.", name?.ToString());
    }

    [Fact]
    public void No_octets_make_the_reader_fail_otherwise_than_by_saying_so()
    {
        var random = new Random(20261122);
        byte[] good = DnsWriter.Write(Rich, 65535);
        int wellFormed = 0;
        for (int i = 0; i < 50_000; i++)
        {
            byte[] octets = i % 3 == 0 ? new byte[random.Next(300)] : [.. good.AsSpan(0, random.Next(good.Length + 1))];
            if (i % 3 == 0)
            {
                random.NextBytes(octets);
            }

            for (int flips = random.Next(4); flips > 0 && octets.Length > 0; flips--)
            {
                octets[random.Next(octets.Length)] = (byte)random.Next(256);
            }

            if (DnsReader.TryRead(octets, out DnsMessage message))
            {
                wellFormed++;
                Assert.True(DnsReader.TryRead(DnsWriter.Write(message, 65535), out _));
            }
        }

        Assert.InRange(wellFormed, 1, 49_999);
    }

    private static DnsRecord Record(string name, DnsType type, DnsData data) =>
        new(Name(name), type, DnsClass.Internet, 5, data);
}
