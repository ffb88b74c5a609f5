using System.Text;

namespace MiniPlane.Configuration;

/// <summary>The commented <c>miniplane.yaml</c>: every setting with what it means, all at their defaults.</summary>
internal static class SettingsTemplate
{
    public static string Make()
    {
        var text = new StringBuilder();
        text.Append("# miniplane.yaml: settings of one cluster. It lies in the cluster's data directory (~/.miniplane/miniplane.yaml).\n");
        text.Append("# A line without its # is set; MINIPLANE_NAME in the environment and --name on the command line win over it.\n");
        text.Append("# `miniplane config --schema` prints the JSON schema of this file.\n");
        foreach (SettingDefinition setting in Settings.All.Where(setting => setting != Settings.DataDir))
        {
            text.Append("\n# ").Append(setting.Description);
            if (setting.Choices.Count > 0 && setting.ValueName != "N")
            {
                text.Append(" One of ").AppendJoin(", ", setting.Choices).Append('.');
            }

            string value = setting.Default.Length > 0 ? setting.Default : "\"\"";
            text.Append("\n# ").Append(setting.Name).Append(": ").Append(value).Append('\n');
        }

        return text.ToString();
    }
}
