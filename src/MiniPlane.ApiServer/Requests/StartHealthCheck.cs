namespace MiniPlane.ApiServer.Requests;

/// <summary>
/// One of the parts of a start that kube-apiserver tells of by name, and that monitors ask for; here several of them may be the work of
/// one part.
/// </summary>
internal sealed class StartHealthCheck(string name, Func<string?> problem, bool isForLiveness = true) : IHealthCheck
{
    public string Name => name;

    public bool IsForLiveness => isForLiveness;

    public string? Problem() => problem();
}
