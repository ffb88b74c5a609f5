using System.Text.Json.Nodes;
using MiniPlane.Workloads.Slurm.Rest;
using MiniPlane.Workloads.Translation;

namespace MiniPlane.Workloads.Tests.Slurm.Rest;

public sealed class RestWordsTests
{
    [Theory]
    [InlineData("unix:/run/user/1001/rest.sock", "/run/user/1001/rest.sock")]
    [InlineData("unix:///run/rest.sock", "/run/rest.sock")]
    [InlineData("http://login1:6820", "")]
    [InlineData("https://hpc.example.org/rest/", "")]
    public void An_address_is_a_socket_or_a_URL(string text, string socket) => Assert.Equal(socket, RestAddress.Parse(text).SocketPath);

    [Theory]
    [InlineData("login1:6820")]
    [InlineData("unix:")]
    [InlineData("http://ann:secret@login1")]
    public void Anything_else_is_no_address(string text) => Assert.Throws<FormatException>(() => RestAddress.Parse(text));

    [Fact]
    public void The_environment_is_the_users_without_what_is_secret_or_the_servers_own()
    {
        var all = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["PATH"] = "/bin",
            ["HOME"] = "/home/a",
            ["MODULE"] = "x",
            ["SLURM_JWT"] = "t",
            ["MY_TOKEN"] = "t",
            ["MINIPLANE_HOME"] = "/x",
            ["SLURM_JOB_ID"] = "1",
        };

        IReadOnlyDictionary<string, string> made = JobEnvironment.Make(new Dictionary<string, string?>(all, StringComparer.Ordinal), null, "0077");
        IReadOnlyDictionary<string, string> none = JobEnvironment.Make(new Dictionary<string, string?>(all, StringComparer.Ordinal), "NONE", "");
        IReadOnlyDictionary<string, string> some = JobEnvironment.Make(new Dictionary<string, string?>(all, StringComparer.Ordinal), "MODULE,A=b", "");

        Assert.Equal(["HOME", "MODULE", "PATH", "SLURM_UMASK"], made.Keys);
        Assert.Equal(["HOME", "PATH"], none.Keys);
        Assert.Equal(["A", "HOME", "MODULE", "PATH"], some.Keys);
    }

    [Fact]
    public void A_script_watches_the_clock_itself_and_its_directives_stay_first()
    {
        string script = ScriptWarning.Add("#!/bin/sh\n#SBATCH --mem=1G\nexec server\n", "B:USR1@60", "10");

        string[] lines = script.Split('\n');
        Assert.Equal(["#!/bin/sh", "#SBATCH --mem=1G"], lines[..2]);
        Assert.Contains("left=540;", lines[2], StringComparison.Ordinal);
        Assert.Contains("kill -s USR1 $$", lines[2], StringComparison.Ordinal);
        Assert.Equal("exec server", lines[3]);
    }

    [Theory]
    [InlineData("TERM@60", "10")]
    [InlineData("B:USR1@60", "")]
    [InlineData("B:USR1@60", "1")]
    [InlineData("B:$(reboot)@60", "10")]
    public void A_script_without_a_time_to_count_from_is_left_alone(string signal, string time) =>
        Assert.Equal("#!/bin/sh\ntrue\n", ScriptWarning.Add("#!/bin/sh\ntrue\n", signal, time));

    [Theory]
    [InlineData("time", "unlimited", "time_limit", """{"set":true,"infinite":false,"number":4294967295}""")]
    [InlineData("mem-per-cpu", "512", "memory_per_cpu", """{"set":true,"infinite":false,"number":512}""")]
    [InlineData("nodes", "2-4", "nodes", "\"2-4\"")]
    [InlineData("nodelist", "a,b", "required_nodes", """["a","b"]""")]
    [InlineData("exclusive", "", "shared", """["none"]""")]
    [InlineData("mail-type", "END,TIME_LIMIT_90", "mail_type", """["END","TIME=90%"]""")]
    [InlineData("switches", "1@5", "wait_for_switch", "300")]
    [InlineData("mem-per-gpu", "2G", "memory_per_tres", "\"gres/gpu:2048\"")]
    public void Flags_become_typed_fields(string flag, string value, string field, string json)
    {
        var job = new JsonObject();

        RestOptions.Find(flag, isTyped: true)?.Invoke(job, value);

        Assert.Equal(json, job[field]?.ToJsonString());
    }

    [Fact]
    public void GPUs_asked_for_in_two_ways_are_both_asked_for()
    {
        var job = new JsonObject();

        RestOptions.Find("gres", isTyped: true)?.Invoke(job, "shard:1");
        RestOptions.Find("gpus-per-node", isTyped: true)?.Invoke(job, "a100:2");

        Assert.Equal("gres/shard:1,gres/gpu:a100:2", (string?)job["tres_per_node"]);
    }

    [Theory]
    [InlineData("time", "soon")]
    [InlineData("begin", "now+1hour")]
    [InlineData("signal", "R:TERM@9")]
    [InlineData("nice", "high")]
    public void A_value_that_cannot_be_said_is_named(string flag, string value)
    {
        var flags = new FlagSet();
        flags.Set(flag, value);

        Assert.Contains($"--{flag}={value}", RestJobDescription.Refusal(flags, isTyped: true), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("now", 0)]
    [InlineData("now+90", 90)]
    [InlineData("now+2hours", 7200)]
    [InlineData("now+1Day", 86400)]
    [InlineData("now+3min", 180)]
    [InlineData("now+1weeks", 604800)]
    public void A_time_from_now_on_is_a_moment(string text, int seconds)
    {
        DateTimeOffset now = DateTimeOffset.UnixEpoch;

        Assert.Equal(now.AddSeconds(seconds), RelativeMoment.Find(text, now));
        Assert.Null(RelativeMoment.Find("noon", now));
        Assert.Null(RelativeMoment.Find("now+2 lightyears", now));
    }
}
