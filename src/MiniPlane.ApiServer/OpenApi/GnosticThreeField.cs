namespace MiniPlane.ApiServer.OpenApi;

/// <summary>One field of a message of gnostic's openapi.v3, by its JSON name.</summary>
internal sealed record GnosticThreeField(
    string Name, int Number, GnosticThreeForm Form = GnosticThreeForm.Plain, GnosticThreeMessage Message = GnosticThreeMessage.None);
