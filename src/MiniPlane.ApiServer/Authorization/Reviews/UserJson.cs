using System.Text.Json.Nodes;
using MiniPlane.ApiServer.Identity;

namespace MiniPlane.ApiServer.Authorization.Reviews;

/// <summary>authentication.v1.UserInfo as JSON.</summary>
internal static class UserJson
{
    public static JsonObject Of(UserInfo user)
    {
        var json = new JsonObject { ["username"] = user.Name };
        if (user.Uid.Length > 0)
        {
            json["uid"] = user.Uid;
        }

        if (user.Groups.Count > 0)
        {
            json["groups"] = List(user.Groups);
        }

        if (user.Extra.Count > 0)
        {
            json["extra"] = new JsonObject([.. user.Extra.Select(pair => KeyValuePair.Create<string, JsonNode?>(pair.Key, List(pair.Value)))]);
        }

        return json;
    }

    private static JsonArray List(IEnumerable<string> texts) => new([.. texts.Select(text => JsonValue.Create(text))]);
}
