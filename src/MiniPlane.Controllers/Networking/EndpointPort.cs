using System.Text.Json.Nodes;

namespace MiniPlane.Controllers.Networking;

/// <summary>A port of a Service as one pod offers it: a named target port is a number here.</summary>
internal sealed record EndpointPort(string Name, int Port, string Protocol, string? AppProtocol)
{
    /// <summary>As a slice writes it, with the name even if it is empty, which the API would default.</summary>
    public JsonObject ToSlicePort() => WithProtocol(new JsonObject { ["name"] = Name, ["port"] = Port, ["protocol"] = Protocol });

    /// <summary>As core/v1 Endpoints write it.</summary>
    public JsonObject ToEndpointsPort()
    {
        var json = new JsonObject();
        if (Name.Length > 0)
        {
            json["name"] = Name;
        }

        json["port"] = Port;
        json["protocol"] = Protocol;
        return WithProtocol(json);
    }

    private JsonObject WithProtocol(JsonObject json)
    {
        if (AppProtocol is { } protocol)
        {
            json["appProtocol"] = protocol;
        }

        return json;
    }
}
