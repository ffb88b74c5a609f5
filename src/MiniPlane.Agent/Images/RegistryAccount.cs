namespace MiniPlane.Agent.Images;

/// <summary>A user of a registry. Never logged.</summary>
internal sealed record RegistryAccount(string User, string Password)
{
    public override string ToString() => User;
}
