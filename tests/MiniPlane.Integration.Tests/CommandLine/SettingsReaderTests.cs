using MiniPlane.Configuration;

namespace MiniPlane.Integration.Tests.CommandLine;

public sealed class SettingsReaderTests : IDisposable
{
    private readonly string _home = Directory.CreateTempSubdirectory("miniplane-settings-").FullName;

    public void Dispose() => Directory.Delete(_home, recursive: true);

    [Fact]
    public void A_flag_wins_over_the_environment_and_that_over_the_file()
    {
        File.WriteAllText(Path.Combine(_home, "miniplane.yaml"), "backend: sim\ndns-port: 5301\nport: 7001\n");

        SettingValues values = Read(
            new() { ["backend"] = "local" },
            new() { ["MINIPLANE_BACKEND"] = "slurm", ["MINIPLANE_DNS_PORT"] = "5302" });

        Assert.Equal("local", values.Text(Settings.Backend));
        Assert.Equal(5302, values.Number(Settings.DnsPort, 0, 65535));
        Assert.Equal(7001, values.Number(Settings.Port, 1, 65535));
    }

    [Fact]
    public void The_file_of_a_data_directory_named_by_MINIPLANE_HOME_is_read()
    {
        File.WriteAllText(Path.Combine(_home, "miniplane.yaml"), "store: memory\n");

        SettingValues values = SettingsReader.Read(_ => null, name => name == "MINIPLANE_HOME" ? _home : null);

        Assert.Equal("memory", values.Text(Settings.Store));
        Assert.Equal(_home, values.FullPath(Settings.DataDir));
    }

    [Fact]
    public void An_unknown_name_in_the_file_is_refused_with_the_file_and_the_name()
    {
        File.WriteAllText(Path.Combine(_home, "miniplane.yaml"), "bakend: slurm\n");

        SettingException refused = Assert.Throws<SettingException>(() => Read([], []));

        Assert.Contains("miniplane.yaml: unknown setting \"bakend\" (line 1); did you mean \"backend\"?", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("70000")]
    [InlineData("-1")]
    [InlineData("ten")]
    public void A_number_out_of_range_names_the_setting_and_where_it_came_from(string text)
    {
        SettingValues values = Read(new() { ["dns-port"] = text }, []);

        SettingException refused = Assert.Throws<SettingException>(() => values.Number(Settings.DnsPort, 0, 65535));

        Assert.Equal($"dns-port: \"{text}\" (from --dns-port) must be a whole number from 0 to 65535", refused.Message);
    }

    [Fact]
    public void A_choice_is_taken_whatever_its_case_and_refused_with_the_list_otherwise()
    {
        Assert.Equal("Slurm", Read(new() { ["backend"] = "SLURM" }, []).OneOf(Settings.Backend, "auto", "Slurm"));

        SettingException refused = Assert.Throws<SettingException>(
            () => Read(new() { ["backend"] = "pbs" }, []).OneOf(Settings.Backend, "auto", "slurm"));

        Assert.Contains("must be one of auto, slurm", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_sites_defaults_lie_below_the_users_file()
    {
        string site = Path.Combine(_home, "site.yaml");
        File.WriteAllText(site, "partitions: [batch]\nsettings:\n  poll-interval: 20\n  bind: 10.0.0.1\n");
        File.WriteAllText(Path.Combine(_home, "miniplane.yaml"), "bind: 10.0.0.2\n");

        SettingValues values = SettingsReader.Read(setting => setting == Settings.DataDir ? _home : null, _ => null, site);

        Assert.Equal("20", values.Text(Settings.PollInterval));
        Assert.Equal(site, values.SourceOf(Settings.PollInterval));
        Assert.Equal("10.0.0.2", values.Text(Settings.Bind));
    }

    [Fact]
    public void A_file_of_comments_only_says_nothing()
    {
        File.WriteAllText(Path.Combine(_home, "miniplane.yaml"), SettingsTemplate.Make());

        SettingValues values = Read([], []);

        Assert.All(Settings.All.Skip(1), setting => Assert.Equal("the default", values.SourceOf(setting)));
    }

    [Fact]
    public void The_commented_file_with_every_line_switched_on_says_what_the_defaults_say()
    {
        string[] lines = [.. SettingsTemplate.Make().Split('\n').Where(line => Settings.All.Any(setting => line.StartsWith($"# {setting.Name}: ", StringComparison.Ordinal)))];
        File.WriteAllLines(Path.Combine(_home, "miniplane.yaml"), lines.Select(line => line[2..]));

        SettingValues values = Read([], []);

        Assert.Equal(Settings.All.Count - 1, lines.Length);
        Assert.All(Settings.All.Skip(1), setting => Assert.Equal(setting.Default, values.Text(setting)));
    }

    [Fact]
    public void The_file_in_a_data_directory_cannot_name_another_one()
    {
        File.WriteAllText(Path.Combine(_home, "miniplane.yaml"), "data-dir: /elsewhere\n");

        SettingException refused = Assert.Throws<SettingException>(() => Read([], []));

        Assert.Contains("--data-dir", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_schema_has_every_setting_and_lets_nothing_else_through()
    {
        System.Text.Json.Nodes.JsonObject schema = SettingsSchema.Make();

        Assert.False((bool?)schema["additionalProperties"]);
        Assert.Equal(Settings.All.Skip(1).Select(setting => setting.Name), schema["properties"]!.AsObject().Select(property => property.Key));
        Assert.Contains("\"enum\":[\"auto\",", schema["properties"]!["backend"]!.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal(100, (int?)schema["properties"]!["sim-nodes"]!["default"]);
    }

    [Fact]
    public void Every_setting_stands_in_the_documentation()
    {
        string page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "command-line.md"));

        Assert.All(Settings.All, setting => Assert.Contains($"| `{setting.Name}` |", page, StringComparison.Ordinal));
    }

    private SettingValues Read(Dictionary<string, string> flags, Dictionary<string, string> environment)
    {
        flags["data-dir"] = _home;
        return SettingsReader.Read(setting => flags.GetValueOrDefault(setting.Name), environment.GetValueOrDefault);
    }
}
