using System.Globalization;
using System.Text.Json.Nodes;

namespace MiniPlane.Configuration;

/// <summary>The JSON schema of <c>miniplane.yaml</c>, for editors; made of the settings themselves.</summary>
internal static class SettingsSchema
{
    public static JsonObject Make()
    {
        var properties = new JsonObject();
        foreach (SettingDefinition setting in Settings.All.Where(setting => setting != Settings.DataDir))
        {
            properties[setting.Name] = Property(setting);
        }

        return new JsonObject
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["title"] = "miniplane.yaml",
            ["description"] = "Settings of one MiniPlane cluster; the environment and flags win over them.",
            ["type"] = "object",
            ["additionalProperties"] = false,
            ["properties"] = properties,
        };
    }

    private static JsonObject Property(SettingDefinition setting)
    {
        JsonObject property = Form(setting);
        property["description"] = setting.Description;
        if (setting.Default.Length > 0)
        {
            property["default"] = IsNumber(setting)
                ? JsonValue.Create(int.Parse(setting.Default, CultureInfo.InvariantCulture))
                : JsonValue.Create(setting.Default);
        }

        return property;
    }

    private static JsonObject Form(SettingDefinition setting)
    {
        JsonArray choices = [.. setting.Choices.Select(choice => (JsonNode)JsonValue.Create(choice)!)];
        return setting.ValueName switch
        {
            "N" when choices.Count > 0 => new JsonObject
            {
                ["anyOf"] = new JsonArray(new JsonObject { ["type"] = "integer", ["minimum"] = 0 }, new JsonObject { ["enum"] = choices }),
            },
            "N" => new JsonObject { ["type"] = "integer", ["minimum"] = 0 },
            "SECONDS" => new JsonObject { ["type"] = "number", ["minimum"] = 0 },
            _ when choices.Count > 0 => new JsonObject { ["enum"] = choices },
            _ => new JsonObject { ["type"] = "string" },
        };
    }

    private static bool IsNumber(SettingDefinition setting) => setting.ValueName is "N" or "SECONDS";
}
