using Microsoft.Extensions.DependencyInjection;
using MiniPlane.ApiServer.Admission;

namespace MiniPlane.ApiServer.Certificates;

/// <summary>Registers what CertificateSigningRequests need.</summary>
internal static class CertificateExtensions
{
    public static IServiceCollection AddCertificates(this IServiceCollection services) => services
        .AddSingleton<IAdmissionPlugin, CertificateRequestIdentity>()
        .AddSingleton<IAdmissionPlugin, CertificateApproval>()
        .AddSingleton<IAdmissionPlugin, CertificateSigning>()
        .AddSingleton<IAdmissionPlugin, CertificateSubjectRestriction>()
        .AddSingleton<CertificateMaker>()
        .AddHostedService<CertificateSigner>();
}
