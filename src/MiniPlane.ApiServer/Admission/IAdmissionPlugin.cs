namespace MiniPlane.ApiServer.Admission;

/// <summary>
/// One admission rule, under its upstream name (<c>--enable-admission</c>, <c>--disable-admission</c>). Plug-ins run in the order
/// of their registration: first every <see cref="AdmitAsync"/>, then defaulting and validation, then every <see cref="ValidateAsync"/>.
/// A refusal is an <see cref="Objects.Errors.ApiException"/>. A plug-in may run several times for one request (retries) and must
/// not have effects of its own before <see cref="ValidateAsync"/>.
/// </summary>
public interface IAdmissionPlugin
{
    /// <summary>kube-apiserver's name of the rule, e.g. <c>ServiceAccount</c>.</summary>
    string Name { get; }

    /// <summary>False: it runs only when <c>--enable-admission</c> names it, as upstream has it.</summary>
    bool IsOnByDefault => true;

    /// <summary>May change <see cref="AdmissionRequest.Object"/> or refuse.</summary>
    ValueTask AdmitAsync(AdmissionRequest request, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    /// <summary>Looks at the final object; may only refuse.</summary>
    ValueTask ValidateAsync(AdmissionRequest request, CancellationToken cancellationToken) => ValueTask.CompletedTask;
}
