using System.Text.Json.Nodes;
using MiniPlane.Objects.Catalogue;

namespace MiniPlane.ApiServer.Conversions;

/// <summary>Turns an object of one version of a kind into another, in place; <c>apiVersion</c> is set by the caller.</summary>
internal interface IVersionConversion
{
    bool Handles(KindDefinition from, KindDefinition to);

    void Convert(JsonObject obj, KindDefinition to);
}
